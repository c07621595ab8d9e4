// What `pulumi stack export` prints -> the hosts and VMs that the stack declares. Reads no secret: one that is
// encrypted is left out, and named. Pure.

import type { Connection } from "../../model/connection";
import { LeeaError } from "../../model/errors";

/** A host to ask, with what is known of it before it answers. */
export interface HostWay {
  readonly connection: Connection;
  /** Node id that must answer. */
  readonly expectNodeId?: string;
  /** Its declared name. */
  readonly name?: string;
}

/** A VM of the stack. `bootFiles` are paths as declared, relative to the program's folder. */
export interface StackVm {
  readonly vmId: string;
  readonly name: string;
  /** Node id of its declared host. */
  readonly node?: string;
  readonly bootFiles: readonly string[];
}

/** What the stack holds of leea's. */
export interface StackContent {
  readonly hosts: readonly HostWay[];
  readonly vms: readonly StackVm[];
}

interface ExportedResource {
  readonly type?: unknown;
  readonly id?: unknown;
  readonly urn?: unknown;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/** Reads an export. INPUT_INVALID where it is none. */
export function readStackExport(text: string): StackContent {
  const resources = listResources(text);
  const nodes = resources.filter(({ type }) => isOfType(type, "MeshNode"));
  const vms = resources.filter(({ type }) => isOfType(type, "VM"));
  return { hosts: nodes.flatMap(readNode), vms: vms.flatMap(readVm) };
}

function listResources(text: string): readonly ExportedResource[] {
  try {
    const { deployment } = JSON.parse(text) as { deployment?: { resources?: readonly ExportedResource[] } };
    return deployment?.resources ?? [];
  } catch (cause) {
    throw new LeeaError({
      code: "INPUT_INVALID",
      message: "Unable to read what `pulumi stack export` printed: it is no JSON",
      hint: "Run it by hand to see what it says, or name the hosts with --host.",
      cause,
    });
  }
}

/** Dynamic providers carry the runtime in the type, a plugin does not. */
function isOfType(type: unknown, name: string): boolean {
  return typeof type === "string" && new RegExp(`(^|[:/])leea(:[a-z/]+)?:${name}$`).test(type);
}

function readNode({ id, outputs = {} }: ExportedResource): HostWay[] {
  const connection = readConnection(outputs["connection"]);
  if (connection === undefined) return [];
  return [
    {
      connection,
      ...(typeof id === "string" && id !== "" ? { expectNodeId: id } : {}),
      ...(typeof outputs["name"] === "string" ? { name: outputs["name"] } : {}),
    },
  ];
}

function readConnection(value: unknown): Connection | undefined {
  if (typeof value !== "object" || value === null || !("host" in value) || typeof value.host !== "string")
    return undefined;
  const { port = 22, user = "root", ...rest } = value as Partial<Connection> & { host: string };
  return { ...rest, port: Number(port), user };
}

function readVm({ id, outputs = {} }: ExportedResource): StackVm[] {
  if (typeof id !== "string" || id === "") return [];
  const boot = (outputs["boot"] ?? {}) as Readonly<Record<string, unknown>>;
  const bootFiles = [boot["kernel"], boot["initrd"]].filter((path): path is string => typeof path === "string");
  const { name = id, node } = outputs;
  return [{ vmId: id, name: String(name), bootFiles, ...(typeof node === "string" ? { node } : {}) }];
}
