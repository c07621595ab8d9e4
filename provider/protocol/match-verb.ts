// From a request's method and path to the verb it names, and back. Both servers of the agent and both clients use it,
// so that a route is written once, in verbs.ts. It never guesses: an odd path names no verb.

import { type VerbName, type VerbShape, verbs } from "./verbs";

/** A verb with the values of its path parameters, percent-decoded, each at least one character. */
export interface MatchedVerb {
  readonly verb: VerbName;
  readonly params: Readonly<Record<string, string>>;
}

const shapes = Object.entries(verbs) as readonly (readonly [VerbName, VerbShape])[];

/** The verb of `side` that a method and a path name (a query is ignored); undefined where there is none. */
export function matchVerb(method: string, path: string, side: VerbShape["side"]): MatchedVerb | undefined {
  const given = (path.split("?", 1)[0] ?? "").split("/");
  for (const [verb, shape] of shapes) {
    if (shape.method !== method || shape.side !== side) continue;
    const params = matchSegments(shape.path.split("/"), given);
    if (params !== undefined) return { verb, params };
  }
  return undefined;
}

/** Path of a verb with its parameters filled in, percent-encoded. A missing one is a defect of the caller: it throws. */
export function verbPath(verb: VerbName, params: Readonly<Record<string, string>> = {}): string {
  const filled = verbs[verb].path.split("/").map((segment) => {
    if (!segment.startsWith(":")) return segment;
    const value = params[segment.slice(1)];
    if (value === undefined || value === "") throw new TypeError(`The verb ${verb} needs the parameter ${segment}`);
    return encodeURIComponent(value);
  });
  return filled.join("/");
}

function matchSegments(wanted: readonly string[], given: readonly string[]): Record<string, string> | undefined {
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, segment] of wanted.entries()) {
    const text = given[index] ?? "";
    if (!segment.startsWith(":")) {
      if (segment !== text) return undefined;
      continue;
    }
    const value = decodeSegment(text);
    if (value === undefined) return undefined;
    params[segment.slice(1)] = value;
  }
  return params;
}

function decodeSegment(text: string): string | undefined {
  if (text === "") return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    // A broken percent sequence names nothing; the server then answers as for any unknown path.
    return undefined;
  }
}
