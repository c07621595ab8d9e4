// Reads the lines that `pulumi up` and `pulumi preview` print when nobody sits at a terminal. Pure; a line of any
// other shape, from another version of the CLI, is left to the log.

/** What a line says: something happens to a resource, or a person is told something. */
export type PulumiLine =
  | {
      readonly kind: "begun" | "done" | "planned";
      readonly resource: string;
      readonly act: string;
      readonly took: string;
    }
  | { readonly kind: "message"; readonly text: string };

const resourceLine = /^ ?(?:[-+~=<>]{1,2}|  ) *(\S+:\S+) (\S+)(?: (.*?))?\s*$/;
const statusWords =
  /^(creating|created|updating|updated|deleting|deleted|replacing|replaced|create|update|delete|replace|running|failed)\b ?(?:failed)? ?(?:\(([\d.]+)s\))? ?(.*)$/;
const doneWords = new Set(["created", "updated", "deleted", "replaced"]);
const begunWords = new Set(["creating", "updating", "deleting", "replacing"]);
const plannedWords = new Set(["create", "update", "delete", "replace"]);

/** What a line says; undefined for what is noise to a person. */
export function readPulumiLine(line: string): PulumiLine | undefined {
  const [, type = "", name = "", rest = ""] = resourceLine.exec(line) ?? [];
  if (type === "") return undefined;
  const [, act = "", seconds, tail = ""] = statusWords.exec(rest) ?? [];
  if (type.endsWith(":Stack")) return readMessage((act === "" ? rest : tail).trim());
  // "**creating failed** error: …"; the error itself is told at the end, whole.
  if (rest.startsWith("**")) return { kind: "done", resource: nameResource(type, name), act: "failed", took: "" };
  const kind = kindOf(act);
  if (kind === undefined) return undefined;
  return {
    kind,
    resource: `${type.split(":").at(-1)} ${name}`,
    act,
    took: seconds === undefined ? "" : `${seconds} s`,
  };
}

/** What stands under "Diagnostics:", where Pulumi gathers every message whole; "" where there is nothing. */
export function readDiagnostics(output: string): string {
  const [, after = ""] = /^Diagnostics:\n([\s\S]*)$/m.exec(output) ?? [];
  const end = after.search(/^(Outputs|Resources|Duration|Changes):/m);
  return (end < 0 ? after : after.slice(0, end)).trimEnd();
}

/** Such as `VM web`, without the package and the module. */
function nameResource(type: string, name: string): string {
  return `${type.split(":").at(-1)} ${name}`;
}

function kindOf(act: string): "begun" | "done" | "planned" | undefined {
  if (doneWords.has(act)) return "done";
  if (begunWords.has(act)) return "begun";
  return plannedWords.has(act) ? "planned" : undefined;
}

/** Programs and providers print through the stack's own line; at the end it counts what they printed. */
function readMessage(text: string): PulumiLine | undefined {
  if (
    text === "" ||
    text.startsWith("**") ||
    /^\d+ (warnings?|messages?|errors?)\b/.test(text) ||
    text.startsWith("[diff:")
  )
    return undefined;
  return { kind: "message", text };
}
