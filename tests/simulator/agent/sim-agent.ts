// One life of an agent in the simulator: what it holds in memory dies with it, what it synced does not. Each thing that it
// does is a step with a name, before and after which anything may go wrong.

import { goOn } from "../../../provider/model/recovery/decide-recovery";
import type { HostView } from "../../../provider/model/recovery/recovery-view";
import { SimQemu } from "../sim-qemu";
import {
  type SimAgentLike,
  type SimHost,
  type SimLife,
  type SimRecord,
  type SimWorldLike,
  Trouble,
} from "../sim-types";
import { SimDestination } from "./sim-destination";
import { SimSource } from "./sim-source";

const restartMs = 1_000;
const lookMs = 30_000;

/** The agent's process. */
export class SimAgent implements SimAgentLike, SimLife {
  isAlive = true;
  readonly world: SimWorldLike;
  readonly host: SimHost;
  readonly source: SimSource;
  readonly destination: SimDestination;
  /** What this process takes as true: what it read at its start and synced since. */
  record: SimRecord | undefined;
  /** False until what an earlier life left has been looked at: before that nobody is answered. */
  isListening = false;

  constructor(world: SimWorldLike, host: SimHost) {
    this.world = world;
    this.host = host;
    this.record = host.storage?.record;
    this.source = new SimSource(this);
    this.destination = new SimDestination(this);
  }

  /** Recovers what an earlier life left, then listens. */
  begin(): void {
    this.record = this.host.storage.record;
    this.source.load();
    this.world.clock.after(1, () => {
      if (!this.isAlive) return;
      this.isListening = true;
      void this.recover();
      this.watch();
    });
  }

  /** kill -9. */
  die(): void {
    this.isAlive = false;
  }

  /** Does something as a named step: it may die before or after, or stand still for long. */
  async step<T>(name: string, effect: () => T): Promise<T> {
    await this.pass(`before ${this.host.name} ${name}`);
    this.world.tell(`${this.host.name} ${name}`);
    const value = effect();
    await this.pass(`after ${this.host.name} ${name}`);
    return value;
  }

  /** Time passes in this life; a dead one never comes back from it. */
  async sleep(ms: number): Promise<void> {
    await this.world.clock.sleep(ms);
    if (!this.isAlive) await new Promise(() => undefined);
  }

  /** Waits for an answer in this life. */
  async hold<T>(promise: Promise<T>): Promise<T> {
    try {
      return await promise;
    } finally {
      if (!this.isAlive) await new Promise(() => undefined);
    }
  }

  /** Syncs the record, then takes it as true. Error: Trouble; after a torn one the disk may have it all the same. */
  async save(record: SimRecord): Promise<void> {
    await this.sync(record.role, () => (this.host.storage.record = record));
    this.record = record;
  }

  /** Syncs something. Error: Trouble. */
  async sync(what: string, write: () => void): Promise<void> {
    await this.step(`sync ${what}`, () => {
      if (this.host.isFull) throw new Trouble("no space left on device");
      write();
      const isTorn = this.host.isNextSyncTorn;
      this.host.isNextSyncTorn = false;
      if (isTorn) throw new Trouble("input/output error");
    });
  }

  /** This host as the rule sees it. */
  view(moveId: string): HostView {
    const { record } = this;
    return {
      role: record?.role ?? "none",
      generation: record?.generation ?? 0,
      qemu: this.host.qemu?.state ?? "absent",
      wantsToRun: true,
      ofThisMove: record?.moveId === moveId,
    };
  }

  /** The end of this host's QEMU, which the agent hears of while it lives. */
  noteQemuEnd(): void {
    if (!this.isListening || !this.isAlive) return;
    void this.destination.judgeAlone(false).then(() => this.startLater());
  }

  /** Everything of the VM goes from this host. */
  async clearOut(): Promise<void> {
    await this.step("ends its QEMU", () => this.host.qemu?.end());
    await this.step("removes network and disks", () => {
      this.host.disk = undefined;
      this.host.hasExport = false;
    });
  }

  private async pass(point: string): Promise<void> {
    if (!this.isAlive) await new Promise(() => undefined);
    const standsMs = this.world.faults.reach(point);
    if (standsMs > 0) await this.sleep(standsMs);
    else if (point.startsWith("before")) await this.sleep(this.world.random.next());
    if (!this.isAlive) await new Promise(() => undefined);
  }

  private async recover(): Promise<void> {
    const { role } = this.record ?? {};
    this.source.resume();
    if (role === "former" || role === "abandoned") await this.clearOut();
    await this.destination.judgeAlone(false);
    if (role === "owner") await this.goOn();
  }

  /** Has the guest go on that this host owns and no move drives; a QEMU that is mute is looked at again and again. */
  async goOn(): Promise<void> {
    while (this.record?.role === "owner") {
      const view = this.view("");
      if (view.qemu === "absent") return this.startLater();
      if (this.source.isBusy) return undefined; // the move's end sees to it
      const { guest } = goOn(view, this.world.mode);
      if (guest === "continue") return this.step("continues its guest", () => this.host.qemu?.resume());
      if (view.qemu !== "mute") return undefined;
      await this.sleep(restartMs);
    }
    return undefined;
  }

  /** The restart policy: after a while, and only what the record owns and no move drives. */
  startLater(): void {
    this.world.clock.after(restartMs, () => {
      if (!this.isAlive || this.record?.role !== "owner" || this.host.qemu !== undefined) return;
      if (this.source.isBusy) return this.startLater();
      new SimQemu(this.world, this.host, "born").resume();
    });
  }

  private watch(): void {
    this.world.clock.after(lookMs, () => {
      if (!this.isAlive) return;
      void this.destination.lookForSilence();
      this.watch();
    });
  }
}
