// Two hosts, the wire between them, and a provider's move of one VM from `a` to `b`. It watches the laws at each event:
// one running guest, no acknowledged write lost, one result an operation, and in the end one owner and nothing left over.

import { SimAgent } from "./agent/sim-agent";
import { SimClock, SimRandom } from "./sim-clock";
import { FaultPlan } from "./sim-faults";
import { SimNetwork } from "./sim-network";
import { SimProvider } from "./sim-provider";
import { SimQemu } from "./sim-qemu";
import type { Fate, HostName, SimHost, SimQemuLike, SimWorldLike, Story, StoryEnd } from "./sim-types";

const longestMs = 4 * 3_600_000;
const calmMs = 30_000;
const keptLines = 400;

/** The world of one story. */
export class SimWorld implements SimWorldLike {
  readonly clock = new SimClock();
  readonly random: SimRandom;
  readonly network: SimNetwork;
  readonly faults: FaultPlan;
  readonly hosts: Readonly<Record<HostName, SimHost>>;
  readonly provider: SimProvider;
  readonly mode: Story["mode"];
  readonly violations: string[] = [];
  readonly trace: string[] = [];
  /** The last number that the guest was told is safe. */
  acknowledged = 1;
  isLastAckLost = false;
  private readonly print: Story["print"];

  constructor(story: Story) {
    this.random = new SimRandom(story.seed);
    this.mode = story.mode;
    this.print = story.print;
    this.network = new SimNetwork(this);
    this.faults = new FaultPlan(this, story.faults);
    this.hosts = { a: this.makeHost("a"), b: this.makeHost("b") };
    this.provider = new SimProvider(this);
  }

  get isLinkUp(): boolean {
    return this.network.isUp && this.hosts.a.isUp && this.hosts.b.isUp;
  }

  /** Plays the story to its end. */
  async play(): Promise<StoryEnd> {
    const { a, b } = this.hosts;
    a.storage.record = { role: "owner", generation: 1 };
    a.disk = 1;
    new SimQemu(this, a, "born").resume();
    a.agent.begin();
    b.agent.begin();
    this.provider.begin();
    let calmSinceMs: number | undefined;
    const isCalm = (): boolean => {
      if (!this.isSettled()) calmSinceMs = undefined;
      else calmSinceMs ??= this.clock.nowMs;
      return this.violations.length > 0 || (calmSinceMs !== undefined && this.clock.nowMs - calmSinceMs > calmMs);
    };
    if (!(await this.clock.run(isCalm, longestMs))) this.violate(`no end: ${this.describe()}`);
    if (this.violations.length === 0) this.judge();
    return {
      violations: this.violations,
      owner: this.owners()[0],
      result: this.provider.result ?? "none",
      unmet: this.faults.unmet(),
      atMs: this.clock.nowMs,
      trace: this.trace,
    };
  }

  /** Writes a line of the story. */
  tell(line: string): void {
    const told = `${this.clock.nowMs.toFixed(1).padStart(11)} ms  ${line}`;
    this.trace.push(told);
    if (this.trace.length > keptLines) this.trace.shift();
    this.print?.(told);
  }

  /** A law was broken; the story ends at once. */
  violate(what: string): void {
    this.violations.push(what);
    this.tell(`VIOLATION ${what}`);
  }

  /** At each start of a guest: it must be the only one, where its record permits it, and know all that was acknowledged. */
  lookAtStart(qemu: SimQemuLike): void {
    const other = this.hosts[qemu.host.name === "a" ? "b" : "a"].qemu;
    if (other?.runs === true) this.violate("the guest runs on both hosts");
    const role = qemu.host.storage.record?.role;
    const isFirst = this.clock.nowMs === 0;
    // A source that had not released goes on by itself when its stream breaks, and its record still says owner.
    if (!isFirst && role !== "owner")
      this.violate(`the guest runs on ${qemu.host.name}, whose record says ${role ?? "nothing"}`);
    const known = `memory ${qemu.memory ?? "none"}, disk ${qemu.host.disk ?? "none"}`;
    if (qemu.memory !== this.acknowledged || qemu.host.disk !== this.acknowledged)
      this.violate(`acknowledged write ${this.acknowledged} is lost on ${qemu.host.name}: ${known}`);
  }

  noteQemuEnd(host: SimHost): void {
    host.agent.noteQemuEnd();
  }

  /** kill -9 of an agent; another one starts after a while. */
  killAgent(name: HostName, downMs: number): void {
    const host = this.hosts[name];
    if (!host.agent.isAlive) return;
    host.agent.die();
    this.tell(`${name} agent killed`);
    this.clock.after(downMs, () => this.startAgent(name));
  }

  /** Power cut of a host; it boots after a while. */
  cutPower(name: HostName, downMs: number): void {
    const host = this.hosts[name];
    if (!host.isUp) return;
    this.tell(`${name} power cut`);
    host.isUp = false;
    host.agent.die();
    host.hasExport = false;
    host.qemu?.end();
    this.clock.after(downMs, () => {
      this.tell(`${name} boots`);
      host.isUp = true;
      this.startAgent(name);
    });
  }

  private startAgent(name: HostName): void {
    const host = this.hosts[name];
    if (!host.isUp || host.agent.isAlive) return;
    host.agent = new SimAgent(this, host);
    this.tell(`${name} agent starts`);
    host.agent.begin();
  }

  /** What the agents ask each other, for the trace and the faults. */
  fateOf(verb: string, count: number): Fate {
    return this.faults.fateOf(verb, count);
  }

  private makeHost(name: HostName): SimHost {
    const host = {
      name,
      storage: {},
      disk: undefined,
      hasExport: false,
      isUp: true,
      isFull: false,
      isNextSyncTorn: false,
      qemu: undefined,
    } as unknown as SimHost;
    host.agent = new SimAgent(this, host);
    return host;
  }

  private owners(): readonly HostName[] {
    return (["a", "b"] as const).filter((name) => this.hosts[name].storage.record?.role === "owner");
  }

  /** Both hosts are up, the operation has its result, and nothing that was begun is still to be done. */
  private isSettled(): boolean {
    const { a, b } = this.hosts;
    if (!this.provider.isDone || !this.faults.isOver || ![a, b].every((host) => host.isUp && host.agent.isAlive))
      return false;
    const [owner] = this.owners();
    if (owner === undefined || this.owners().length !== 1) return false;
    const loser = owner === "a" ? b : a;
    return (
      this.hosts[owner].qemu?.runs === true &&
      loser.qemu === undefined &&
      loser.disk === undefined &&
      a.storage.note === undefined
    );
  }

  private judge(): void {
    const owner = this.owners()[0];
    const { result } = this.provider;
    if (result === "succeeded" && owner !== "b") this.violate("the operation succeeded, and the VM is on its source");
    if (result !== "succeeded" && owner !== "a") this.violate(`the operation ended ${result}, and the VM has moved`);
  }

  private describe(): string {
    return (["a", "b"] as const)
      .map((name) => {
        const { storage, qemu, disk, agent, isUp } = this.hosts[name];
        const { role, generation } = storage.record ?? {};
        const life = isUp ? (agent.isAlive ? "" : ", agent down") : ", down";
        const op =
          name === "a"
            ? `, operation ${storage.operation?.state ?? "none"}${storage.note === undefined ? "" : ", note kept"}`
            : "";
        return `${name} ${role ?? "no record"} ${generation ?? ""}, QEMU ${qemu?.state ?? "absent"}, disk ${disk ?? "none"}${op}${life}`;
      })
      .join("; ");
  }
}
