// Records what a QEMU's monitor understands: `node record-qmp-schema.mjs QEMU [MORE ARGUMENTS] > qmp-VERSION.json`.
// Keeps names alone: commands with their arguments, events with their data, and the enums that our code spells out.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

const compare = (one, other) => (one < other ? -1 : Number(one > other));
const ENUMS = ["MigrationCapability", "MigrationStatus", "RunState"];

async function askSchema(program, args) {
  const bare = ["-machine", "none", "-nodefaults", "-no-user-config", "-display", "none", "-S", "-qmp", "stdio"];
  const qemu = spawn(program, [...args, ...bare], { stdio: ["pipe", "pipe", "inherit"] });
  const replies = [];
  for await (const line of createInterface({ input: qemu.stdout })) {
    const message = JSON.parse(line);
    if (message.QMP) for (const execute of ["qmp_capabilities", "query-version", "query-qmp-schema", "quit"]) qemu.stdin.write(`${JSON.stringify({ execute })}\n`);
    if ("return" in message) replies.push(message.return);
  }
  return { version: replies[1].qemu, schema: replies[2] };
}

/** Names of an object type's members, its variants' included. */
function memberNames(types, name) {
  const type = types.get(name);
  const variants = (type?.variants ?? []).flatMap((variant) => memberNames(types, variant.type));
  return [...new Set([...(type?.members ?? []).map((member) => member.name), ...variants])].sort(compare);
}

// The introspection hides the names of enums: an enum is known by the member or command that leads to it.
function enumValues(types, entries) {
  const memberType = (object, member) => types.get(object)?.members?.find((entry) => entry.name === member)?.type;
  const find = (name) => entries.find((entry) => entry.name === name);
  const status = types.get(memberType(find("MIGRATION")["arg-type"], "status"));
  const runState = types.get(memberType(find("query-status")["ret-type"], "status"));
  const list = types.get(memberType(find("migrate-set-capabilities")["arg-type"], "capabilities"));
  const capability = types.get(memberType(list["element-type"], "capability"));
  return Object.fromEntries([capability, status, runState].map((type, index) => [ENUMS[index], [...type.values].sort(compare)]));
}

function digest({ version, schema }) {
  const types = new Map(schema.map((entry) => [entry.name, entry]));
  const sorted = (kind) => schema.filter((entry) => entry["meta-type"] === kind).sort((one, other) => compare(one.name, other.name));
  return {
    version: `${version.major}.${version.minor}.${version.micro}`,
    enums: enumValues(types, schema),
    outOfBand: sorted("command").filter((entry) => entry["allow-oob"]).map((entry) => entry.name),
    commands: Object.fromEntries(sorted("command").map((entry) => [entry.name, memberNames(types, entry["arg-type"])])),
    events: Object.fromEntries(sorted("event").map((entry) => [entry.name, memberNames(types, entry["arg-type"])])),
  };
}

/** One name a line, so that a new recording reads as a difference. */
function format(value) {
  const rows = (object) => Object.entries(object).map(([name, names]) => `    ${JSON.stringify(name)}: ${JSON.stringify(names)}`).join(",\n");
  const parts = Object.entries(value).map(([key, part]) => `  ${JSON.stringify(key)}: ${typeof part === "object" && !Array.isArray(part) ? `{\n${rows(part)}\n  }` : JSON.stringify(part)}`);
  return `{\n${parts.join(",\n")}\n}\n`;
}

const [program = "qemu-system-x86_64", ...args] = process.argv.slice(2);
process.stdout.write(format(digest(await askSchema(program, args))));
