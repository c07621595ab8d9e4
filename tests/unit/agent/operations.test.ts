// Operations are durable: the same id gives the same result, one at a time changes a VM, and what a killed agent left
// is found again.

import type { Work } from "../../../provider/agent/journal/operations";
import { LeeaError } from "../../../provider/model/errors";
import { fakeHostAgent, someVmId } from "../../fakes/fake-host-agent";

const host = () => fakeHostAgent();
const job = (operationId: string, run: (work: Work) => Promise<unknown>, vmId?: string) =>
  ({ operationId, kind: "put-vm", run, ...(vmId === undefined ? {} : { vmId }) }) as const;

/** Work that ends when it is told to. */
function heldWork() {
  let end: (result: unknown) => void = () => undefined;
  const held = new Promise((resolve) => {
    end = resolve;
  });
  return { run: () => held, end: (result: unknown) => end(result) };
}

test("an operation that is started twice runs once and gives one result", async () => {
  const { operations } = await host().restart();
  let runs = 0;
  const counted = job("put-000001", async () => ++runs);
  await operations.start(counted);
  await operations.wait("put-000001");
  expect(await operations.start(counted)).toMatchObject({ state: "succeeded", result: 1 });
  expect(runs).toBe(1);
});

test("a result outlives the agent", async () => {
  const place = host();
  const before = await place.restart();
  await before.operations.start(job("put-000001", async () => "done", someVmId));
  await before.operations.wait("put-000001");
  const after = await place.restart();
  expect(after.operations.get("put-000001")).toMatchObject({ state: "succeeded", result: "done", vmId: someVmId });
});

test("an operation is on disk before its work begins", async () => {
  const place = host();
  const { operations } = await place.restart();
  const seen: unknown[] = [];
  await operations.start(
    job("put-000001", async () => seen.push(place.system.text("/var/lib/leea/journal/put-000001.json"))),
  );
  await operations.wait("put-000001");
  expect(JSON.parse(String(seen[0]))).toMatchObject({ operationId: "put-000001", state: "running" });
});

test("an id that was used for another kind or another VM is refused", async () => {
  const { operations } = await host().restart();
  await operations.start(job("put-000001", async () => undefined, someVmId));
  const other = operations.start({ ...job("put-000001", async () => undefined, someVmId), kind: "delete-vm" });
  await expect(other).rejects.toMatchObject({ code: "PROTOCOL_INVALID" });
});

test("a VM that is being changed is refused to a second operation, which is told of the first", async () => {
  const { operations } = await host().restart();
  const held = heldWork();
  await operations.start(job("put-000001", held.run, someVmId));
  const second = operations.start(job("put-000002", async () => undefined, someVmId));
  await expect(second).rejects.toMatchObject({ code: "NOT_ALLOWED_NOW", details: { operationId: "put-000001" } });
  held.end("done");
  await operations.wait("put-000001");
  await operations.start(job("put-000002", async () => undefined, someVmId));
  expect(await operations.wait("put-000002")).toMatchObject({ state: "succeeded" });
});

test("what a killed agent left running is given back, and ends under its own id", async () => {
  const place = host();
  const before = await place.restart();
  await before.operations.start(job("put-000001", () => new Promise(() => undefined), someVmId));
  const after = await place.restart();
  expect(after.operations.running(someVmId)).toMatchObject({ operationId: "put-000001", state: "running" });
  await after.operations.resume(job("put-000001", async () => "recovered", someVmId));
  expect(await after.operations.wait("put-000001")).toMatchObject({ state: "succeeded", result: "recovered" });
});

test("a failure keeps its code, its hint and its causes", async () => {
  const { operations } = await host().restart();
  const cause = new Error("no space");
  const error = new LeeaError({ code: "DISK_SPACE_SHORT", message: "too small", hint: "free some", cause });
  await operations.start(job("put-000001", () => Promise.reject(error)));
  expect(await operations.wait("put-000001")).toMatchObject({
    state: "failed",
    error: { code: "DISK_SPACE_SHORT", hint: "free some", causes: ["no space"] },
  });
});

test("a cancel reaches the work, and ends as cancelled only where the work undid itself", async () => {
  const { operations } = await host().restart();
  const undone = (work: Work) =>
    new Promise((_resolve, reject) =>
      work.signal.addEventListener("abort", () => reject(new LeeaError({ code: "CANCELLED", message: "undone" }))),
    );
  await operations.start(job("put-000001", undone));
  operations.cancel("put-000001");
  expect(await operations.wait("put-000001")).toMatchObject({ state: "cancelled" });
  const held = heldWork();
  await operations.start(job("put-000002", held.run));
  operations.cancel("put-000002");
  held.end("too late");
  expect(await operations.wait("put-000002")).toMatchObject({ state: "succeeded", result: "too late" });
});

test("watchers see each report and the end, and one that left sees nothing more", async () => {
  const { operations } = await host().restart();
  const held = heldWork();
  let report: (progress: Parameters<Work["report"]>[0]) => void = () => undefined;
  await operations.start(
    job("put-000001", (work) => {
      report = (progress) => work.report(progress);
      return held.run();
    }),
  );
  const seen: string[] = [];
  const left: string[] = [];
  operations.watch("put-000001", ({ state, progress }) => seen.push(`${state} ${progress.phase}`));
  operations.watch("put-000001", ({ state }) => left.push(state))();
  report({ phase: "disks" });
  held.end(undefined);
  await operations.wait("put-000001");
  expect(seen).toEqual(["running disks", "succeeded disks"]);
  expect(left).toEqual([]);
});

test("an end of two days ago is forgotten, and an unknown id is told as such", async () => {
  const place = host();
  const before = await place.restart();
  await before.operations.start(job("put-000001", async () => undefined));
  await before.operations.wait("put-000001");
  const now = Date.now();
  place.system.clockMs = () => now + 49 * 3_600_000;
  const { operations } = await place.restart();
  expect(() => operations.get("put-000001")).toThrow(expect.objectContaining({ code: "NOT_FOUND" }));
  expect(await place.system.list("/var/lib/leea/journal")).toEqual([]);
});
