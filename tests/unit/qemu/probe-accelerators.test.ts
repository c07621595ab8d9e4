// What a busy host must not be taken for: one without an accelerator, until its next boot.

import type { AgentContext } from "../../../provider/agent/agent-context";
import { bootProbeExitCode } from "../../../provider/agent/qemu/boot-probe-kernel";
import { probeAccelerators, readCachedAccelerators } from "../../../provider/agent/qemu/probe-accelerators";
import { LeeaError } from "../../../provider/model/errors";
import { FakeSystem } from "../../fakes/fake-system";

const qemu = "/usr/bin/qemu-system-x86_64";
const machines = "pc-q35-10.0 Standard PC\nq35 Standard PC (alias of pc-q35-10.0)\n";

/** A host without /dev/kvm whose emulation ends as `tcg` says. */
async function makeHost(tcg: () => number) {
  const system = new FakeSystem();
  await system.writeDurable(qemu, "a program");
  system.programs.set(qemu, (argv) => {
    if (argv.includes("--version")) return { stdout: "QEMU emulator version 10.0.2" };
    return argv.includes("help") ? { stdout: machines } : { exitCode: tcg() };
  });
  const ctx = { system, paths: { state: "/state" }, log: { write: () => undefined } } as unknown as AgentContext;
  const probes = () => system.ran.filter((words) => words.includes("isa-debug-exit")).length;
  return { ctx, probes };
}

test("an emulation that did not come to its end in time is asked again, and then kept", async () => {
  const ends = [
    () => {
      throw new LeeaError({ code: "TIMED_OUT", message: "too slow" });
    },
    () => bootProbeExitCode,
  ];
  const { ctx, probes } = await makeHost(() => ends.shift()?.() ?? 1);
  expect(await probeAccelerators(ctx)).toEqual([]);
  expect(await readCachedAccelerators(ctx)).toBeUndefined();
  expect(await probeAccelerators(ctx)).toEqual(["tcg"]);
  expect(await probeAccelerators(ctx)).toEqual(["tcg"]);
  expect(probes()).toBe(2);
});

test("an emulation that refuses is kept as one that does not work", async () => {
  const { ctx, probes } = await makeHost(() => 1);
  expect(await probeAccelerators(ctx)).toEqual([]);
  expect(await readCachedAccelerators(ctx)).toEqual([]);
  expect(probes()).toBe(1);
});
