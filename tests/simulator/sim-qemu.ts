// A QEMU of the simulator: run states and a migration stream as a real one was seen to go through them, and a guest that
// does nothing but write numbers, each acknowledged once it is on its disk. It outlives agents and obeys whoever commands.

import type { QemuState } from "../../provider/model/recovery/recovery-view";
import type { SimHost, SimQemuLike, SimWorldLike } from "./sim-types";

const firstWriteMs = 40;
const longestWriteMs = 60_000;

/** `incoming` waits for a stream; a `born` one begins at the boot loader, from what is on its disk. */
export type SimLaunch = "incoming" | "born";

/** One process. */
export class SimQemu implements SimQemuLike {
  status: Exclude<QemuState, "absent" | "device" | "mute">;
  migration: "none" | "active" | "pre-switchover" | "device" | "completed" | "failed" | "cancelled" = "none";
  /** The last number that the guest has written, as its memory knows it; undefined before anything was loaded. */
  memory: number | undefined;
  mirror: "none" | "running" | "ready" | "completed" | "failed" = "none";
  isAlive = true;
  isMute = false;
  hasKey = false;
  readonly host: SimHost;
  private readonly world: SimWorldLike;
  private peer: SimQemu | undefined;
  private writes = 0;

  constructor(world: SimWorldLike, host: SimHost, launch: SimLaunch) {
    this.world = world;
    this.host = host;
    this.status = launch === "incoming" ? "inmigrate" : "prelaunch";
    this.memory = launch === "incoming" ? undefined : host.disk;
    host.qemu = this;
    world.tell(`${host.name} qemu ${this.status}`);
  }

  /** The state that QEMU and its process show to an agent. */
  get state(): QemuState {
    if (!this.isAlive) return "absent";
    if (this.isMute) return "mute";
    return this.status === "finish-migrate" && this.migration === "device" ? "device" : this.status;
  }

  /** True while the guest takes steps. */
  get runs(): boolean {
    return this.isAlive && this.status === "running";
  }

  /** `cont`: QEMU has no fence of its own. */
  resume(): void {
    if (!this.isAlive || this.status === "running" || this.status === "inmigrate") return;
    if (this.status === "finish-migrate" && this.migration !== "pre-switchover" && this.migration !== "device")
      this.status = "paused";
    this.become("running");
  }

  /** `stop`. */
  stop(): void {
    if (this.runs) this.become("paused");
  }

  /** The process ends. */
  end(): void {
    if (!this.isAlive) return;
    this.isAlive = false;
    this.world.tell(`${this.host.name} qemu ends`);
    if (this.host.qemu === this) this.host.qemu = undefined;
    const { peer } = this;
    peer?.loseStream(this);
    this.world.noteQemuEnd(this.host);
  }

  /** A disk copy to a destination that lets it. */
  startMirror(to: SimQemuLike): void {
    this.mirror = "running";
    const advance = (): void => {
      if (!this.isAlive || this.mirror !== "running") return;
      if (!to.isAlive) this.mirror = "failed";
      else if (this.world.isLinkUp && to.host.hasExport) this.mirror = "ready";
      else this.world.clock.after(20, advance);
    };
    this.world.clock.after(10 + this.world.random.below(40), advance);
  }

  /** Ends the copy with both disks equal; false where that cannot be. */
  completeMirror(to: SimQemuLike): boolean {
    if (this.mirror !== "ready" || !to.isAlive || !this.world.isLinkUp) return false;
    to.host.disk = this.host.disk;
    this.mirror = "completed";
    return true;
  }

  /** `migrate`: memory goes over while the guest runs, and it stands still at the gate. */
  migrate(to: SimQemuLike): void {
    if (!(to instanceof SimQemu)) return;
    this.migration = "active";
    this.peer = to;
    to.peer = this;
    this.advance(20 + this.world.random.below(60), "active", () => {
      if (this.status === "running") this.become("finish-migrate");
      this.migration = "pre-switchover";
    });
  }

  /** `migrate-continue`: the rest goes over, the destination loads, and its last word comes back. */
  switchOver(): void {
    if (this.migration !== "pre-switchover") return;
    this.migration = "device";
    this.advance(2 + this.world.random.below(8), "device", () => {
      const { peer } = this;
      if (peer === undefined) return;
      peer.memory = this.memory;
      peer.become("paused");
      peer.migration = "completed";
      if (this.world.isLastAckLost) return this.fail();
      this.advance(1, "device", () => {
        this.unlink();
        this.migration = "completed";
        this.become("postmigrate");
      });
    });
  }

  /** `migrate_cancel`, or `yank` where the link is dead. */
  cancelStream(): void {
    if (this.migration !== "active" && this.migration !== "pre-switchover" && this.migration !== "device") return;
    const { peer } = this;
    this.unlink();
    this.migration = "cancelled";
    if (this.status === "finish-migrate") this.become("running");
    peer?.streamBroke();
  }

  /** Goes on once the link lets bytes through; a stream that was ended meanwhile does not. */
  private advance(delayMs: number, during: SimQemu["migration"], act: () => void): void {
    this.world.clock.after(delayMs, () => {
      if (!this.isAlive || this.migration !== during || this.peer === undefined) return;
      if (this.world.isLinkUp) act();
      else this.advance(25, during, act);
    });
  }

  private loseStream(lost: SimQemu): void {
    if (this.peer !== lost) return;
    if (this.status === "inmigrate") return this.streamBroke();
    if (this.migration === "pre-switchover") this.peer = undefined;
    else if (this.migration === "active" || this.migration === "device") this.fail();
  }

  private fail(): void {
    const { peer } = this;
    this.unlink();
    this.migration = "failed";
    if (this.status === "finish-migrate") this.become("running");
    peer?.streamBroke();
  }

  private streamBroke(): void {
    if (this.status === "inmigrate") this.world.clock.after(5, () => this.end());
  }

  private unlink(): void {
    if (this.peer !== undefined) this.peer.peer = undefined;
    this.peer = undefined;
  }

  private become(status: SimQemu["status"]): void {
    this.status = status;
    this.world.tell(`${this.host.name} qemu ${status}`);
    if (status !== "running") return;
    this.world.lookAtStart(this);
    this.write();
  }

  /** The guest's whole life: it writes less and less often, so that hours cost little to simulate. */
  private write(everyMs = firstWriteMs): void {
    this.writes += 1;
    const { writes } = this;
    this.world.clock.after(everyMs, () => {
      if (!this.runs || writes !== this.writes || this.memory === undefined) return;
      this.memory += 1;
      this.host.disk = this.memory;
      this.world.acknowledged = Math.max(this.world.acknowledged, this.memory);
      this.write(Math.min(longestWriteMs, everyMs * 1.5));
    });
  }
}
