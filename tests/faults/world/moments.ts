// The instants of a move at which a fault can strike, each told by the one who knows: the operation's own stream, the
// QEMUs' events, or the hosts' records as they lie on their disks. No instant is a guess by time.

import { type FSWatcher, mkdirSync, readFileSync, watch } from "node:fs";
import type { CopyNews } from "../watch/copies-watch";
import type { FaultHost, FaultWorld } from "./fault-world";
import { otherHost } from "./fault-world";

/** Instants in the order in which a move without trouble passes them. */
export const moments = [
  "preflight",
  "prepare",
  "destination-born",
  "mirror",
  "precopy",
  "stop",
  "gate",
  "settle",
  "device",
  "loaded",
  "completed",
  "released",
  "granted",
  "resumed",
  "former",
  "finish",
  "source-ended",
  "leave",
] as const;

/** One of them. */
export type Moment = (typeof moments)[number];

const phases: readonly string[] = ["preflight", "prepare", "mirror", "precopy", "finish"];

/** Where a move is watched: its hosts, and the copies of its VM. */
export interface MovePlace extends Pick<FaultWorld, "world" | "copies"> {
  readonly vm: { readonly id: string };
}

/** Tells each instant of one move, once. */
export class Moments {
  readonly passed: Moment[] = [];
  readonly #watchers: FSWatcher[] = [];
  readonly #source: FaultHost;
  readonly #opened: MovePlace;
  readonly #onMoment: (moment: Moment) => void;

  constructor(opened: MovePlace, source: FaultHost, onMoment: (moment: Moment) => void) {
    this.#opened = opened;
    this.#source = source;
    this.#onMoment = onMoment;
    opened.copies.onNews = (news) => this.#hear(news);
    opened.world.onProgress = ({ phase }) => this.hearPhase(phase);
    this.#watchRecord(source, { released: "released", former: "former" });
    this.#watchRecord(otherHost(source), { owner: "granted" });
  }

  /** A phase of the operation's stream. */
  hearPhase(phase: string): void {
    if (phases.includes(phase)) this.pass(phase as Moment);
  }

  /** An instant was reached. */
  pass(moment: Moment): void {
    if (this.passed.includes(moment)) return;
    this.passed.push(moment);
    this.#onMoment(moment);
  }

  /** Hears no more. */
  stop(): void {
    this.#opened.copies.onNews = () => undefined;
    this.#opened.world.onProgress = () => undefined;
    for (const watcher of this.#watchers) watcher.close();
  }

  #hear({ host, event }: CopyNews): void {
    const status = event.name === "MIGRATION" ? event.data["status"] : undefined;
    if (host === this.#source) {
      if (event.name === "STOP") this.pass("stop");
      if (status === "pre-switchover") this.pass("gate");
      if (event.name === "BLOCK_JOB_COMPLETED") this.pass("settle");
      if (status === "device") this.pass("device");
      if (status === "completed") this.pass("completed");
      if (event.name === "DIED") this.pass("source-ended");
      return;
    }
    if (event.name === "BORN") this.pass("destination-born");
    if (status === "completed") this.pass("loaded");
    if (event.name === "RESUME") this.pass("resumed");
  }

  /** The agent replaces a record by renaming a whole file into place, so every look reads a whole one. */
  #watchRecord(host: FaultHost, roles: Readonly<Record<string, Moment>>): void {
    const folder = recordsFolder(this.#opened, host);
    mkdirSync(folder, { recursive: true, mode: 0o700 }); // a host that never held a VM has none yet
    const watcher = watch(folder, () => {
      const moment = roles[readRole(`${folder}/${this.#opened.vm.id}.json`) ?? ""];
      if (moment !== undefined) this.pass(moment);
    });
    watcher.on("error", () => undefined); // the host's power is off: it has no records to tell
    this.#watchers.push(watcher);
  }
}

/** The role that the VM's record on a host has, as it lies on the host's disk; undefined without one. */
export function readRoleOn(opened: FaultWorld, host: FaultHost): string | undefined {
  return readRole(`${recordsFolder(opened, host)}/${opened.vm.id}.json`);
}

function recordsFolder({ world }: Pick<FaultWorld, "world">, host: FaultHost): string {
  return `/proc/${world.lab.hosts.find(({ name }) => name === host)?.pid}/root/var/lib/leea/records`;
}

function readRole(file: string): string | undefined {
  try {
    return (JSON.parse(readFileSync(file, "utf8")) as { role?: string }).role;
  } catch {
    return undefined; // not there: the host never held the VM
  }
}
