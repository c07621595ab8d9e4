// A body in the words of an older side: what stays, what goes and is said, and what is not sent at all.

import { checkBody } from "../../../provider/agent/http/check-body";
import { describeLost, readProtocol, wordsFor } from "../../../provider/protocol/skew/words-for";
import { protocolVersion } from "../../../provider/protocol/version";
import { someRecord, someSpec } from "../../fakes/fake-host-agent";

const figures = {
  mode: "live" as const,
  from: "a-aaaaaaaa",
  to: "b-bbbbbbbb",
  totalMs: 1,
  downtimeMs: 1,
  ramBytes: 1,
  diskBytes: 1,
  passes: 1,
};
const put = (spec: object) => ({ operationId: "put-000001", owner: "o", logicalName: "w", creating: true, spec });

test("a side of our own protocol, or of a newer one, gets the very body", () => {
  const body = put(someSpec({ restart: "always" }));
  for (const protocol of [protocolVersion, protocolVersion + 1])
    expect(wordsFor(protocol, "putVm", body)).toEqual({ body, lost: [] });
});

test("what an older side knows it gets whole, and nothing is said", () => {
  const boot = { kernel: "0".repeat(64), cmdline: "quiet" };
  const nics = [
    { kind: "mesh" as const, ingress: [{ from: "vms", protocol: "tcp" as const, firstPort: 80, lastPort: 80 }] },
    { kind: "bridge" as const, bridge: "br0", vlan: 7 },
  ];
  const record = someRecord({
    spec: someSpec({ boot, nics, disks: [{ name: "root", sizeBytes: 1 }] }),
    lastMigration: figures,
  });
  const body = { record, psk: "0".repeat(64), multifdChannels: 2 };
  expect(wordsFor(1, "prepareMove", body)).toEqual({ body, lost: [] });
  expect(wordsFor(1, "finishMove", { figures })).toEqual({ body: { figures }, lost: [] });
  const ofProcess = { record: { ...record, qemu: { pid: 1, startTicks: 2, nicPorts: "each" } } };
  expect(wordsFor(1, "prepareMove", ofProcess)).toEqual({
    body: { record: { ...record, qemu: { pid: 1, startTicks: 2 } } },
    lost: [],
  });
});

test("what an older side does not know is left out at any depth, and named once", () => {
  const spec = someSpec({ restart: "always", migration: { downtimeLimitMs: 30, mode: "cold", deadlineMs: 1 } });
  const words = wordsFor(1, "putVm", put(spec));
  expect(words.lost).toEqual(["spec.migration.mode", "spec.migration.deadlineMs", "spec.restart"]);
  expect(words.body).toEqual(put(someSpec()));
  const odd = { ...someRecord({ spec }), nextYear: { a: 1 } };
  expect(wordsFor(1, "prepareMove", { record: odd }).lost).toEqual([
    "record.spec.migration.mode",
    "record.spec.migration.deadlineMs",
    "record.spec.restart",
    "record.nextYear",
  ]);
});

test("figures of a move that an older side cannot have made are left out as a whole", () => {
  const record = someRecord({ lastMigration: { ...figures, mode: "cold" } });
  const words = wordsFor(1, "prepareMove", { record });
  expect(words.lost).toEqual(["record.lastMigration"]);
  expect(words.body).toEqual({ record: someRecord() });
});

test("a move that an older side would make in another way is not sent", () => {
  const refused = expect.objectContaining({ code: "NOT_ALLOWED_NOW" });
  expect(() => wordsFor(1, "prepareMove", { record: someRecord(), mode: "cold" })).toThrow(refused);
  expect(() => wordsFor(1, "moveVm", { migration: { downtimeLimitMs: 30, mode: "cold" } })).toThrow(refused);
  expect(wordsFor(1, "moveVm", { migration: { downtimeLimitMs: 30 } }).lost).toEqual(["migration"]);
});

test("the one that is left out is told with the host and the way out", () => {
  expect(describeLost('the agent of "b"', 1, ["spec.restart"])).toBe(
    'the agent of "b" is older (protocol 1) and does not know spec.restart: it goes without, until its MeshNode is updated',
  );
});

test("a header that is missing or no number counts as the first protocol", () => {
  expect([undefined, "2", "x", "-1", ["2"], "99999"].map(readProtocol)).toEqual([1, 2, 1, 1, 1, 1]);
});

describe("a body of a newer agent", () => {
  const newer = () => ({
    record: { ...someRecord(), hue: "red", spec: { ...someSpec(), firmware: "x" } },
    psk: "0".repeat(64),
    multifdChannels: 2,
    wind: 3,
  });

  test("loses what we do not know, so that nothing of it is handed on", () => {
    const body = newer();
    checkBody("prepareMove", body, "drop-unknown");
    expect(body).toEqual({ record: someRecord(), psk: "0".repeat(64), multifdChannels: 2 });
  });

  test("is refused for any other mistake all the same, and whole by an agent of its own protocol", () => {
    const wrong = { ...newer(), psk: "x" };
    const refused = expect.objectContaining({ code: "INPUT_INVALID" });
    expect(() => checkBody("prepareMove", wrong, "drop-unknown")).toThrow(refused);
    expect(() => checkBody("prepareMove", newer())).toThrow(refused);
  });
});
