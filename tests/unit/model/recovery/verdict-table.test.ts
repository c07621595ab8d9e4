// The rows of the rule's table, each as a case that a person can read, and the words that a user gets for it.

import { decideRecovery } from "../../../../provider/model/recovery/decide-recovery";
import {
  type HostView,
  qemuStates,
  type RecoveryView,
  toQemuState,
} from "../../../../provider/model/recovery/recovery-view";
import { tellVerdict } from "../../../../provider/model/recovery/tell-verdict";

type Row = readonly [string, string, Partial<RecoveryView>, string, string, string];

/** `role generation qemu`, such as "released 4 postmigrate"; "-" stands for a host that does not answer. */
function host(text: string): HostView | "unreachable" {
  if (text === "-") return "unreachable";
  const [role, generation, qemu] = text.split(" ");
  return { role, generation: Number(generation), qemu, wantsToRun: true, ofThisMove: true } as HostView;
}

function viewOf(source: string, destination: string, more: Partial<RecoveryView>): RecoveryView {
  const usual = { mode: "live", isUnderWay: false, isSilent: false, isGrantRefused: false } as const;
  return { ...usual, source: host(source), destination: host(destination), ...more };
}

const cold = { mode: "cold" } as const;
const rows: readonly Row[] = [
  ["owner 4 running", "-", {}, "undo", "leave", "abandoned end"],
  ["owner 4 finish-migrate", "incoming 4 inmigrate", {}, "undo", "continue", "abandoned end"],
  ["owner 4 postmigrate", "incoming 4 paused", {}, "undo", "continue", "abandoned end"],
  ["owner 4 absent", "incoming 4 inmigrate", {}, "undo", "start", "abandoned end"],
  ["owner 4 io-error", "abandoned 4 absent", {}, "keep-source", "leave", "leave"],
  ["owner 4 paused", "abandoned 4 absent", {}, "resume-source", "continue", "leave"],
  ["owner 4 inmigrate", "none 0 absent", {}, "resume-source", "start", "leave"],
  ["owner 4 mute", "incoming 4 inmigrate", {}, "wait source-mute", "leave", "abandoned end"],
  ["owner 4 running", "owner 7 running", {}, "finish-on-destination", "former end", "leave"],
  ["owner 4 running", "former 7 absent", {}, "wait source-outdated", "stop", "leave"],
  ["owner 4 running", "owner 4 running", {}, "wait two-owners", "stop", "leave"],
  ["released 4 postmigrate", "-", {}, "wait destination-unreachable", "leave", "leave"],
  ["released 4 postmigrate", "owner 5 running", {}, "finish-on-destination", "former end", "leave"],
  ["released 4 postmigrate", "owner 5 absent", {}, "finish-on-destination", "former end", "start"],
  ["released 4 postmigrate", "incoming 4 paused", {}, "finish-on-destination", "leave", "owner continue"],
  ["released 4 postmigrate", "incoming 4 paused", { isGrantRefused: true }, "undo", "leave", "abandoned end"],
  [
    "released 4 absent",
    "incoming 4 paused",
    { isGrantRefused: true },
    "finish-on-destination",
    "leave",
    "owner continue",
  ],
  ["released 4 running", "incoming 4 paused", {}, "undo", "stop", "abandoned end"],
  ["released 4 postmigrate", "incoming 4 absent", {}, "undo", "leave", "abandoned end"],
  ["released 4 postmigrate", "abandoned 4 absent", {}, "resume-source", "owner continue", "leave"],
  ["released 4 absent", "abandoned 4 absent", {}, "resume-source", "owner start", "leave"],
  ["released 4 postmigrate", "none 0 absent", {}, "wait destination-forgot", "leave", "leave"],
  ["former 5 postmigrate", "-", {}, "finish-on-destination", "end", "leave"],
  ["former 5 absent", "owner 5 paused", {}, "finish-on-destination", "leave", "continue"],
  ["none 0 absent", "incoming 4 paused", {}, "wait source-forgot", "leave", "leave"],
  ["-", "owner 5 paused", {}, "finish-on-destination", "leave", "continue"],
  ["-", "incoming 4 paused", { isSilent: true }, "wait source-unreachable", "leave", "leave"],
  ["-", "incoming 4 inmigrate", {}, "wait source-unreachable", "leave", "leave"],
  ["-", "incoming 4 inmigrate", { isSilent: true }, "undo", "leave", "abandoned end"],
  ["-", "incoming 4 absent", {}, "undo", "leave", "abandoned end"],
  ["-", "incoming 4 prelaunch", cold, "wait source-unreachable", "leave", "leave"],
  ["-", "incoming 4 prelaunch", { ...cold, isSilent: true }, "undo", "leave", "abandoned end"],
  ["owner 4 shutdown", "incoming 4 prelaunch", cold, "undo", "start", "abandoned end"],
  ["owner 4 shutdown", "abandoned 4 absent", {}, "keep-source", "leave", "leave"],
  ["released 4 absent", "incoming 4 absent", cold, "undo", "leave", "abandoned end"],
  ["owner 4 absent", "incoming 4 absent", cold, "undo", "start", "abandoned end"],
  ["released 4 absent", "incoming 4 prelaunch", cold, "finish-on-destination", "leave", "owner continue"],
  ["released 4 absent", "abandoned 4 absent", cold, "resume-source", "owner start", "leave"],
];

test.each(rows)("source %s, destination %s %j: %s", (...[source, destination, more, kind, ...acts]: Row) => {
  const verdict = decideRecovery(viewOf(source, destination, more));
  const told = ({ record, guest }: { record?: string; guest: string }) => [record, guest].filter(Boolean).join(" ");
  expect([verdict.kind, verdict.why].filter(Boolean).join(" ")).toBe(kind);
  expect([told(verdict.source), told(verdict.destination)]).toEqual(acts);
});

test("a verdict is told with the hosts' names, the reason, and what was read", () => {
  const view = viewOf("released 4 postmigrate", "-", {});
  const told = tellVerdict(decideRecovery(view), view, { source: "ada", destination: "bo" });
  expect(told.decision).toBe("recovery: wait (destination-unreachable)");
  expect(told.because).toEqual([
    "the guest stands still until bo says whether it runs there: make bo reachable from ada",
    "ada: its record says released, generation 4; QEMU postmigrate",
    "bo does not answer",
  ]);
  expect(told.evidence).toMatchObject({ source: { role: "released" }, destination: "unreachable" });
});

test("QEMU's own words become states, and a standstill of the guest's own is never taken for one of the move", () => {
  for (const state of qemuStates.filter((each) => each !== "device")) expect(toQemuState(state)).toBe(state);
  expect(toQemuState("finish-migrate", "device")).toBe("device");
  expect(toQemuState("suspended")).toBe("running");
  for (const status of ["guest-panicked", "internal-error", "watchdog"]) expect(toQemuState(status)).toBe("io-error");
});
