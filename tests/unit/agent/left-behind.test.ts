// A program that does not end when it is killed must not hold the agent: it is given up, whoever still has its pipes.

import { linuxSystem } from "../../../provider/agent/system/linux-system";

test("a program whose pipes stay open after its end is given up, and what holds them lives on", async () => {
  // A child of its own holds the pipes, as a program in an unkillable write does; only the program itself is killed.
  const marker = `60.${process.pid}`;
  const run = linuxSystem.run(["sh", "-c", `sleep ${marker} & wait`], { timeoutMs: 50 });
  await expect(run).rejects.toMatchObject({ code: "TIMED_OUT" });
  const holders = await pidsOf(["sleep", marker]);
  expect(holders).toHaveLength(1);
  for (const pid of holders) process.kill(pid, "SIGKILL");
}, 30_000);

test("a link is read and not followed; what is no link, or is not there, is none", async () => {
  expect(await linuxSystem.readLink("/proc/self/exe")).toMatch(/node/);
  expect(await linuxSystem.readLink("/proc/self/status")).toBeUndefined();
  expect(await linuxSystem.readLink("/proc/self/absent")).toBeUndefined();
});

async function pidsOf(argv: readonly string[]): Promise<readonly number[]> {
  const found: number[] = [];
  for (const pid of await linuxSystem.listPids())
    if ((await linuxSystem.argvOf(pid))?.join(" ") === argv.join(" ")) found.push(pid);
  return found;
}
