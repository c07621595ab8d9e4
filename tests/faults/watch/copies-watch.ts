// Watches every QEMU of one VM on this machine, whatever hosts and agents say: finds the processes by their arguments,
// holds a monitor of its own to each, and keeps when which guest ran. It never infers that a guest stands still.

import { existsSync } from "node:fs";
import type { Lab } from "../../../provider/cli/lab/lab";
import { listPids, pidNamespace, readArgv } from "../world/find-processes";
import { Monitor, type MonitorEvent } from "./monitor";
import { type Copy, type DoubleRun, RunningTimes } from "./running-times";

const lookMs = 25;
const unseenLimitMs = 3_000;
const youngMs = 2_000;
const unknownHost = "unknown";

/** A QEMU under watch. `status` is QEMU's last own word. */
export interface WatchedCopy extends Copy {
  readonly monitor: Monitor;
  status: string;
}

/** Something that a QEMU said or that happened to it: its events, and `BORN` and `DIED` of the process. */
export interface CopyNews extends Copy {
  readonly event: MonitorEvent;
}

/** The watch of one VM. */
export class CopiesWatch {
  readonly times = new RunningTimes();
  /** What was heard since `begin`. */
  news: CopyNews[] = [];
  /** Processes that could not be watched though they lived, and answers that contradict the events; a sound watch has none. */
  flaws: string[] = [];
  onNews: (news: CopyNews) => void = () => undefined;
  readonly #vmId: string;
  readonly #lab: () => Lab;
  readonly #seen = new Map<number, { sinceMs: number; copy?: WatchedCopy }>();
  readonly #others = new Map<number, number>();
  readonly #hosts = new Map<number, string>();
  readonly #timer: NodeJS.Timeout;

  constructor(vmId: string, lab: () => Lab) {
    this.#vmId = vmId;
    this.#lab = lab;
    this.#timer = setInterval(() => this.#look(), lookMs);
    this.#look();
  }

  /** Forgets what is over, so that the next findings are of the time from now on. */
  begin(): void {
    this.times.forgetEnded();
    this.news = [];
    this.flaws = [];
  }

  /** The living QEMUs of the VM on a host. */
  on(host: string): readonly WatchedCopy[] {
    return this.living().filter((copy) => copy.host === host);
  }

  /** Pids of the VM's QEMUs on a host, those too that have no monitor yet. */
  pidsOn(host: string): readonly number[] {
    return [...this.#seen.keys()].filter((pid) => this.#hostOf(pid) === host);
  }

  /** All living QEMUs of the VM that a monitor is held to. */
  living(): readonly WatchedCopy[] {
    return [...this.#seen.values()].flatMap(({ copy }) => (copy === undefined ? [] : [copy]));
  }

  /** What two copies did at one instant. */
  findDoubleRuns(): readonly DoubleRun[] {
    return this.times.findDoubleRuns();
  }

  /** Ends the watch; the QEMUs go on. */
  stop(): void {
    clearInterval(this.#timer);
    for (const copy of this.living()) copy.monitor.close();
  }

  #look(): void {
    const pids = new Set(listPids());
    const nowMs = Date.now();
    for (const pid of this.#others.keys()) if (!pids.has(pid)) this.#others.delete(pid);
    for (const pid of pids) {
      const isOld = nowMs - (this.#others.get(pid) ?? nowMs) > youngMs;
      if (!isOld && !this.#seen.has(pid)) this.#meet(pid);
    }
    for (const [pid, entry] of this.#seen) {
      // A monitor tells what its QEMU said last, its STOP above all, before it tells its end: nothing unread is thrown away.
      const lives = pids.has(pid) && readArgv(pid).length > 0;
      if (entry.copy !== undefined && lives) entry.copy.monitor.askStatus();
      if (entry.copy === undefined && lives) this.#attach(pid, entry.sinceMs);
      if (entry.copy === undefined && !lives) this.#lose(pid);
    }
  }

  /** A process changes its arguments when it execs, so one that is not a QEMU yet is looked at again while it is young. */
  #meet(pid: number): void {
    const argv = readArgv(pid);
    const isOurs = /qemu-system/.test(argv[0] ?? "") && argv.some((word) => word.includes(`guest=leea-${this.#vmId}`));
    // Another lab may have a VM of the same name, and so of the same id.
    if (!isOurs || this.#hostOf(pid) === unknownHost) {
      if (!this.#others.has(pid)) this.#others.set(pid, Date.now());
      return;
    }
    this.#others.delete(pid);
    this.#seen.set(pid, { sinceMs: Date.now() });
    this.#tell(pid, "BORN");
    this.#attach(pid, Date.now());
  }

  #attach(pid: number, sinceMs: number): void {
    const path = `/proc/${pid}/root/run/leea-vm/${this.#vmId}/people.sock`;
    if (!existsSync(path)) {
      const isLate = Date.now() - sinceMs > unseenLimitMs;
      const flaw = `QEMU ${pid} on ${this.#hostOf(pid)} has no monitor to watch it by`;
      if (isLate && !this.flaws.includes(flaw)) this.flaws.push(flaw);
      return;
    }
    const copy: WatchedCopy = { pid, host: this.#hostOf(pid), status: "unknown", monitor: this.#listen(pid, path) };
    this.#seen.set(pid, { sinceMs, copy });
    copy.monitor.askStatus();
  }

  #listen(pid: number, path: string): Monitor {
    return new Monitor(path, {
      onEvent: (event) => this.#hear(pid, event),
      onStatus: ({ running, status }) => this.#check(pid, running, status),
      onEnd: () => this.#loseMonitor(pid),
    });
  }

  #hear(pid: number, event: MonitorEvent): void {
    const copy = { pid, host: this.#hostOf(pid) };
    if (event.name === "RESUME") this.times.began(copy, event.atMs);
    if (event.name === "STOP") this.times.ended(pid, event.atMs);
    this.#pass({ ...copy, event });
  }

  /**
   * A copy that says `running` though its events do not is believed: the first answer of a copy counts from the process's
   * birth. One that says otherwise is not believed until its STOP: while QEMU stops its processors they still run.
   */
  #check(pid: number, running: boolean, status: string): void {
    const entry = this.#seen.get(pid);
    if (entry?.copy === undefined) return;
    const isFirst = entry.copy.status === "unknown";
    entry.copy.status = status;
    if (!running || this.times.runs(pid)) return;
    if (!isFirst) this.flaws.push(`QEMU ${pid} on ${entry.copy.host} runs and never said RESUME`);
    this.times.began(entry.copy, isFirst ? entry.sinceMs : Date.now());
  }

  /** The kernel closes a dying process's files when its last thread has ended. A QEMU that lives is reached again. */
  #loseMonitor(pid: number): void {
    const entry = this.#seen.get(pid);
    if (entry === undefined) return;
    if (readArgv(pid).length === 0) this.#lose(pid);
    else this.#seen.set(pid, { sinceMs: Date.now() });
  }

  #lose(pid: number): void {
    this.times.ended(pid, Date.now());
    this.#tell(pid, "DIED");
    this.#seen.get(pid)?.copy?.monitor.close();
    this.#seen.delete(pid);
    this.#others.set(pid, 0); // until it is reaped
  }

  #tell(pid: number, name: string): void {
    this.#pass({ pid, host: this.#hostOf(pid), event: { name, data: {}, atMs: Date.now() } });
  }

  #pass(news: CopyNews): void {
    this.news.push(news);
    this.onNews(news);
  }

  #hostOf(pid: number): string {
    const known = this.#hosts.get(pid);
    if (known !== undefined) return known;
    const space = pidNamespace(pid);
    const found = this.#lab().hosts.find((host) => host.pid !== null && pidNamespace(host.pid) === space)?.name;
    if (found !== undefined) this.#hosts.set(pid, found);
    return found ?? unknownHost;
  }
}
