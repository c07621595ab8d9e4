// Every state that one move can ever reach, with every crash, loss and delay and with the rule asked by anybody at any
// moment: all of them are visited. What the exhaustive table answers beyond these is shown here to be unreachable.

import { decideRecovery } from "../../../../provider/model/recovery/decide-recovery";
import { applySteps, mayTakeSteps } from "./apply-verdict";
import { beginning, type MoveState, nextStates } from "./protocol-model";

/** All states, each with the state that it was first reached from. */
function visitAll(): Map<string, { state: MoveState; from: string | undefined }> {
  const seen = new Map<string, { state: MoveState; from: string | undefined }>();
  const open: { state: MoveState; from: string | undefined }[] = [{ state: beginning, from: undefined }];
  for (let item = open.shift(); item !== undefined; item = open.shift()) {
    const key = keyOf(item.state);
    if (seen.has(key)) continue;
    seen.set(key, item);
    for (const state of nextStates(item.state)) open.push({ state, from: key });
  }
  return seen;
}

function keyOf({ source, destination, isDriven, isGrantSent, isAbandonSent }: MoveState): string {
  const flags = [isDriven && "driven", isGrantSent && "grant", isAbandonSent && "abandon"].filter(Boolean).join("+");
  return `${source.role}${source.generation}/${source.qemu} ${destination.role}${destination.generation}/${destination.qemu} ${flags}`;
}

const all = visitAll();

/** How a state came about: for a failure's message. */
function pathTo(key: string): string {
  const entry = all.get(key);
  return entry?.from === undefined ? key : `${pathTo(entry.from)}\n  -> ${key}`;
}

test("two hosts never run the guest, and no host runs it that its record does not permit", () => {
  expect(all.size).toBeGreaterThan(100);
  for (const [key, { state }] of all) {
    const running = [state.source, state.destination].filter(mayTakeSteps);
    if (running.length > 1 || running.some(({ role }) => role !== "owner")) throw new Error(pathTo(key));
  }
});

test("a source gives the VM up only to a destination that owns it, and there is never more than one owner", () => {
  for (const [key, { state }] of all) {
    const { source, destination } = state;
    const owners = [source, destination].filter(({ role }) => role === "owner").length;
    if (owners > 1 || (source.role === "former" && destination.role !== "owner")) throw new Error(pathTo(key));
  }
});

test("whatever happened, once both hosts answer the rule ends with one owner that runs the guest, and waits for nothing", () => {
  for (const [key, { state }] of all) {
    let pair = { source: state.source, destination: state.destination };
    for (let round = 0; round < 6; round += 1) {
      const view = { mode: "live", isUnderWay: false, isSilent: false, isGrantRefused: false, ...pair } as const;
      const verdict = decideRecovery(view);
      if (verdict.kind === "wait") throw new Error(`${pathTo(key)}\n  waits: ${verdict.why}`);
      pair = applySteps(pair, verdict).at(-1) ?? pair;
    }
    const ends = [pair.source, pair.destination].map(({ role, qemu }) => `${role}/${qemu}`);
    const owner = ends.filter((end) => end === "owner/running");
    const other = ends.find((end) => end !== "owner/running");
    if (owner.length !== 1 || !["former/absent", "abandoned/absent", "none/absent"].includes(other ?? ""))
      throw new Error(`${pathTo(key)}\n  ends: ${ends.join(" ")}`);
  }
});

test("no memory is thrown away while one of the two QEMUs still holds it", () => {
  for (const [key, { state }] of all) {
    const { source, destination } = state;
    const holdsMemory =
      source.qemu !== "absent" ||
      (source.role === "released" && destination.role === "incoming" && destination.qemu === "paused");
    const view = {
      mode: "live",
      isUnderWay: false,
      isSilent: false,
      isGrantRefused: false,
      source,
      destination,
    } as const;
    if (holdsMemory && source.role !== "former" && decideRecovery(view).source.guest === "start")
      throw new Error(pathTo(key));
  }
});

test("states that only a restored disk or a defect brings about are reached by no crash", () => {
  const roles = new Set([...all.values()].map(({ state }) => `${state.source.role} ${state.destination.role}`));
  const owned = ["none", "incoming", "abandoned"].map((role) => `owner ${role}`);
  const released = ["incoming", "abandoned", "owner"].map((role) => `released ${role}`);
  expect(roles).toEqual(new Set([...owned, ...released, "former owner"]));
  expect(
    [...all.values()].some(({ state }) => state.source.role === "released" && state.source.qemu === "running"),
  ).toBe(false);
});
