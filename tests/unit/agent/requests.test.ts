// What is refused before any handler sees it: path parameters that are no ids, bodies that are not of their verb; and
// which status goes with which error.

import { checkBody } from "../../../provider/agent/http/check-body";
import { checkParams } from "../../../provider/agent/http/check-params";
import { statusOf } from "../../../provider/agent/http/status-of";
import { errorCodes, isLeeaError } from "../../../provider/model/errors";
import { verbs } from "../../../provider/protocol/verbs";
import { someSpec, someVmId } from "../../fakes/fake-host-agent";

const putVm = (change: Readonly<Record<string, unknown>> = {}, spec: Readonly<Record<string, unknown>> = {}) => ({
  operationId: "put-000001",
  owner: "o/p/s",
  logicalName: "web",
  spec: { ...someSpec(), ...spec },
  creating: true,
  allowDataLoss: false,
  ...change,
});

function fieldsOf(verb: Parameters<typeof checkBody>[0], body: unknown): readonly string[] {
  try {
    checkBody(verb, body);
    return [];
  } catch (error) {
    if (!isLeeaError(error, "INPUT_INVALID")) throw error;
    const { problems } = error.details as { problems: readonly { field: string }[] };
    return [...new Set(problems.map(({ field }) => field))].sort();
  }
}

test("a body of its verb passes", () => {
  expect(fieldsOf("putVm", putVm())).toEqual([]);
  expect(fieldsOf("grantMove", { generation: 2 })).toEqual([]);
  expect(fieldsOf("getNode", undefined)).toEqual([]);
});

test("an unknown field is refused by its name, at any depth", () => {
  expect(fieldsOf("putVm", putVm({ sudo: true }))).toEqual(["sudo"]);
  expect(fieldsOf("putVm", putVm({}, { firmware: "x" }))).toEqual(["spec.firmware"]);
});

test("every mistake is told at once, each with its path", () => {
  const disks = [{ name: "../../etc", sizeBytes: 0.5 }];
  expect(fieldsOf("putVm", putVm({ creating: "yes" }, { vcpus: 0, disks }))).toEqual([
    "creating",
    "spec.disks.0.name",
    "spec.disks.0.sizeBytes",
    "spec.vcpus",
  ]);
});

test.each([
  ["a name with a comma", { name: "web,file=/etc/passwd" }, "spec.name"],
  ["a name of 300 characters", { name: "a".repeat(300) }, "spec.name"],
  ["a kernel that is a path", { boot: { kernel: "/etc/passwd", cmdline: "" } }, "spec.boot.kernel"],
  ["a command line with a line end", { boot: { kernel: "0".repeat(64), cmdline: "a\nb" } }, "spec.boot.cmdline"],
  ["less memory than a guest needs", { memoryBytes: 4096 }, "spec.memoryBytes"],
  ["a bridge with an option", { nics: [{ kind: "bridge", bridge: "br0,ifname=x" }] }, "spec.nics.0"],
])("%s is refused", (_what, spec, field) => {
  expect(fieldsOf("putVm", putVm({}, spec)).some((each) => each.startsWith(field))).toBe(true);
});

test("a body that is missing, or is there where none belongs to an id, is refused", () => {
  expect(fieldsOf("putVm", undefined)).toEqual(["(body)"]);
  expect(fieldsOf("putVm", putVm({ operationId: "../../x" }))).toEqual(["operationId"]);
  expect(fieldsOf("grantMove", { generation: 1 })).toEqual(["generation"]);
});

test("ids pass as path parameters", () => {
  const params = {
    vmId: someVmId,
    operationId: "put-0123abcd",
    moveId: "move-000001",
    hash: "0".repeat(64),
    peerId: "a-12345678",
  };
  expect(() => checkParams(params)).not.toThrow();
});

test.each([
  ["vmId", "../../../etc/passwd"],
  ["vmId", `${"a".repeat(26)}/x`],
  ["vmId", "A".repeat(26)],
  ["operationId", ".."],
  ["operationId", "put 000001"],
  ["hash", `${"0".repeat(63)}g`],
  ["hash", `${"0".repeat(64)}\n`],
  ["peerId", "-o,ProxyCommand=x"],
  ["unheardOf", "a"],
])("the path parameter %s is refused as %j", (name, value) => {
  expect(() => checkParams({ [name]: value })).toThrow(expect.objectContaining({ code: "PROTOCOL_INVALID" }));
});

test("every parameter of every route has a shape", () => {
  const names = new Set(Object.values(verbs).flatMap(({ path }) => path.match(/(?<=:)\w+/g) ?? []));
  const samples: Record<string, string> = {
    vmId: someVmId,
    operationId: "put-000001",
    moveId: "move-000001",
    hash: "0".repeat(64),
    peerId: "a-12345678",
    log: "console",
    lines: "200",
    partitionId: "a".repeat(26),
  };
  expect([...names].filter((name) => samples[name] === undefined)).toEqual([]);
  for (const name of names) expect(() => checkParams({ [name]: samples[name] ?? "" })).not.toThrow();
});

test("each error code has a status of its own kind, and what is nobody's mistake is 500", () => {
  for (const code of Object.keys(errorCodes))
    expect(statusOf(code as keyof typeof errorCodes)).toBeGreaterThanOrEqual(400);
  expect(statusOf("INPUT_INVALID")).toBe(422);
  expect(statusOf("NOT_FOUND")).toBe(404);
  expect(statusOf("NOT_ALLOWED_NOW")).toBe(409);
  expect(statusOf("PEER_REFUSED")).toBe(403);
  expect(statusOf("INTERNAL")).toBe(500);
});
