// The run inside its namespaces: 20 VMs, random operations, the agent killed at a random instant of them or of its own
// start, and after each kill a look at everything. Prints one line of JSON, the count. Arguments: KILLS SEED BUNDLE.

import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { AgentLife } from "./agent-life";
import { type KillCount, noKills } from "./kill-count";
import { KilledVm, type Wanted } from "./killed-vm";
import { countInLedger, findFolders, findQemus } from "./kills-host";

const vmCount = 20;
const longestLifeMs = 500;
const longestStartMs = 350;
const lookMs = 20;
const settleLimitMs = 20_000;

/** Numbers from 0 to below 1, the same for the same seed (mulberry32). */
function drawFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

class Kills {
  readonly count: KillCount = noKills();
  readonly #draw: () => number;
  readonly #agent: AgentLife;
  readonly #vms: readonly KilledVm[];

  constructor(bundle: string, seed: number) {
    this.#draw = drawFrom(seed);
    this.#agent = new AgentLife(bundle);
    this.#vms = Array.from({ length: vmCount }, (_, index) => new KilledVm(this.#agent, `vm${index}`));
  }

  async run(kills: number): Promise<void> {
    const startedAtMs = Date.now();
    this.#agent.start();
    await this.#agent.answers();
    for (const vm of this.#vms) await vm.order("running", 1);
    for (const vm of this.#vms) this.#tell("wrongVms", await vm.settle());
    await this.#look(0);
    for (let round = 1; this.count.kills < kills; round += 1) {
      await this.#killDuringWork();
      if (this.#draw() < 0.2 && this.count.kills < kills) await this.#killDuringStart();
      this.#agent.start();
      await this.#agent.answers();
      const settled = await Promise.all(this.#vms.map((vm) => vm.settle()));
      this.#tell("lostOperations", settled.flat());
      await this.#look(round);
      if (round % 25 === 0) process.stderr.write(`${this.count.kills} kills\n`);
    }
    this.count.doubleStarts = countInLedger("double") + this.count.doubleStarts;
    this.count.starts = countInLedger("start");
    this.count.seconds = Math.round((Date.now() - startedAtMs) / 100) / 10;
    await this.#agent.kill();
  }

  async #killDuringWork(): Promise<void> {
    const some = this.#vms.filter(() => this.#draw() < 0.12);
    const orders = some.map((vm) => vm.order(...this.#drawOrder(vm)));
    await delay(this.#draw() * longestLifeMs);
    await this.#agent.kill();
    this.count.kills += 1;
    await Promise.all(orders);
    this.count.acknowledged += some.filter((vm) => vm.isAccepted).length;
  }

  async #killDuringStart(): Promise<void> {
    this.#agent.start();
    await delay(this.#draw() * longestStartMs);
    await this.#agent.kill();
    this.count.kills += 1;
  }

  #drawOrder(vm: KilledVm): [Wanted, number] {
    const other = vm.vcpus === 1 ? Math.min(2, cpus().length) : 1;
    const number = this.#draw();
    if (vm.wanted === "absent") return ["running", 1];
    if (vm.wanted === "stopped") return number < 0.6 ? ["running", vm.vcpus] : ["absent", vm.vcpus];
    if (number < 0.25) return ["running", other];
    if (number < 0.5) return ["stopped", vm.vcpus];
    return number < 0.75 ? ["absent", vm.vcpus] : ["running", vm.vcpus];
  }

  /** Everything on the host against everything that was acknowledged. What needs a moment gets one: an end takes time. */
  async #look(round: number): Promise<void> {
    const deadline = Date.now() + settleLimitMs;
    let strays = this.#findStrays();
    while (strays.length > 0 && Date.now() < deadline) {
      await delay(lookMs);
      strays = this.#findStrays();
    }
    this.#tell("orphans", strays);
    const qemus = findQemus();
    for (const vm of this.#vms) {
      const pids = qemus.get(vm.vmId) ?? [];
      if (pids.length > 1) this.#tell("doubleStarts", [`${vm.name} runs as ${pids.join(" and ")}`]);
      this.#tell("wrongVms", await vm.check());
      this.#judgePid(vm, pids[0], round);
    }
  }

  /** A guest that no operation was about goes on in its process. */
  #judgePid(vm: KilledVm, pid: number | undefined, round: number): void {
    if (vm.pid !== undefined && !vm.wasOrdered && vm.pid !== pid)
      this.#tell("touchedGuests", [`round ${round}: ${vm.name} ran as ${vm.pid} and runs as ${pid ?? "nothing"}`]);
    vm.pid = pid;
    vm.wasOrdered = false;
  }

  #findStrays(): readonly string[] {
    const running = new Set(this.#vms.filter(({ wanted }) => wanted === "running").map(({ vmId }) => vmId));
    const there = new Set(this.#vms.filter(({ wanted }) => wanted !== "absent").map(({ vmId }) => vmId));
    const qemus = findQemus();
    return [
      ...[...qemus.keys()].filter((vmId) => !running.has(vmId)).map((vmId) => `a QEMU of ${vmId} runs`),
      ...[...running].filter((vmId) => !qemus.has(vmId)).map((vmId) => `no QEMU of ${vmId} runs`),
      ...findFolders()
        .filter((vmId) => !there.has(vmId))
        .map((vmId) => `a folder of ${vmId} is left`),
    ];
  }

  #tell(
    kind: "lostOperations" | "orphans" | "doubleStarts" | "touchedGuests" | "wrongVms",
    found: readonly string[],
  ): void {
    this.count[kind] += found.length;
    for (const words of found) process.stderr.write(`${kind}: ${words}\n`);
  }
}

async function main([kills = "0", seed = "0", bundle = ""]: readonly string[]): Promise<void> {
  const run = new Kills(bundle, Number(seed));
  await run.run(Number(kills));
  process.stdout.write(`${JSON.stringify(run.count)}\n`);
  process.exit(0);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const log = readFileSync("/var/lib/leea/agent.log", "utf8").trimEnd().split("\n").slice(-12);
  process.stderr.write(`the agent's last words:\n${log.join("\n")}\n`);
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
});
