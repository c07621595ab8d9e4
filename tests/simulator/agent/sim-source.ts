// The source's side of a move in the simulator: the forward way in the order of provider/agent/migration/source, and for
// everything that goes wrong the agent's own code and rule (settleMove, decideRecovery), with hands that act on this world.

import {
  type Heard,
  type SettledMove,
  type SourceHands,
  settleMove,
} from "../../../provider/agent/migration/recovery/settle-move";
import type { HostView, SeenHost } from "../../../provider/model/recovery/recovery-view";
import type { HostAct, Verdict } from "../../../provider/model/recovery/verdict";
import { SimQemu } from "../sim-qemu";
import { Refused, type SimLife, type SimOperation, type SimQemuLike, Trouble, Unheard } from "../sim-types";

const moveId = "move-1";
const longestPauseMs = 5_000;
const phaseTimeoutMs = 60_000;
const againMs = 2_000;

class Failed extends Error {}

/** What the source's agent does about the one move. */
export class SimSource {
  private readonly agent: SimLife;
  private operation: SimOperation | undefined;
  private isCancelled = false;
  private isReleaseTried = false;
  private lastTold = "";

  constructor(agent: SimLife) {
    this.agent = agent;
  }

  /** True while the operation runs. */
  get isBusy(): boolean {
    return this.operation?.state === "running";
  }

  /** The provider's call: begins the move, or tells how the one of that id stands. */
  beginOrRead(): SimOperation["state"] {
    if (this.operation !== undefined) return this.operation.state;
    this.operation = { state: "running" };
    void this.run(async () => {
      await this.agent.sync("operation", () => (this.agent.host.storage.operation = { state: "running" }));
      return this.forward();
    });
    return "running";
  }

  /** The provider's cancel. */
  cancel(): void {
    this.isCancelled = true;
  }

  /** Reads what an earlier life left. */
  load(): void {
    this.operation = this.agent.host.storage.operation;
  }

  /** Goes on with it. */
  resume(): void {
    const { storage } = this.agent.host;
    if (this.operation?.state === "running") void this.run(() => this.endInterrupted());
    else if (storage.note !== undefined) void this.remind();
  }

  private async run(work: () => Promise<SimOperation["state"]>): Promise<void> {
    let state: SimOperation["state"];
    try {
      state = await work();
    } catch (error) {
      state = error instanceof Failed && error.message === "cancelled" ? "cancelled" : "failed";
      this.agent.world.tell(`a the move ${state}: ${error instanceof Error ? error.message : String(error)}`);
    }
    await this.persist({ state });
  }

  /** A result is told only once it is synced; a full disk is waited for. */
  private async persist(operation: SimOperation): Promise<void> {
    for (;;) {
      try {
        await this.agent.sync(`result ${operation.state}`, () => (this.agent.host.storage.operation = operation));
        this.operation = operation;
        return;
      } catch {
        await this.agent.sleep(1_000);
      }
    }
  }

  private async endInterrupted(): Promise<SimOperation["state"]> {
    const { record, host } = this.agent;
    if (host.storage.note === undefined) return record?.role === "former" ? "succeeded" : "failed";
    return this.settle(true);
  }

  private async settle(mayGrant: boolean): Promise<SimOperation["state"]> {
    const settled: SettledMove = await settleMove(this.hands, { mayGrant });
    if (settled.end === "undecided") return "undecided";
    if (settled.end === "stays") return this.isCancelled ? "cancelled" : "failed";
    await this.finish();
    return "succeeded";
  }

  private async forward(): Promise<SimOperation["state"]> {
    const { agent } = this;
    try {
      if (agent.record?.role !== "owner" || agent.host.qemu === undefined) throw new Failed("it does not run here");
      await agent.sync("note", () => (agent.host.storage.note = { moveId }));
      await (agent.world.mode === "cold" ? this.bringDisksAcross() : this.bringAcross());
      this.refuseCancelled();
    } catch (error) {
      if (agent.host.storage.note === undefined) throw error;
      const end = await this.settle(true);
      agent.world.tell(`a undone after: ${error instanceof Error ? error.message : String(error)}`);
      return end;
    }
    return this.releaseAndGrant();
  }

  private async bringAcross(): Promise<void> {
    const { agent } = this;
    const [here, there] = await this.copyDisks();
    await agent.step("begins to send memory", () => here.migrate(there));
    await this.until(
      () => here.migration === "pre-switchover",
      () => here.migration !== "active",
    );
    await this.ask("announceMove", 5_000);
    await agent.step("ends the mirror", () => this.demand(here.completeMirror(there), "the mirror broke"));
    await agent.step("lets the target go", () => undefined);
    await agent.step("continues the migration", () => here.switchOver());
    await this.ask("settleDisks", 5_000);
    await this.until(
      () => here.migration === "completed",
      () => here.migration !== "device",
    );
    this.demand(here.isAlive && here.status === "postmigrate", "QEMU does not stand at postmigrate");
  }

  private async bringDisksAcross(): Promise<void> {
    const { agent } = this;
    const [here, there] = await this.copyDisks();
    await agent.sync("note of the shutdown", () => (agent.host.storage.note = { moveId, shutdownAsked: true }));
    await agent.step("has the guest shut down", () => {
      this.demand(here.isAlive, "its QEMU ended");
      here.stop();
      here.status = "shutdown";
    });
    await agent.step("ends the mirror", () => this.demand(here.completeMirror(there), "the mirror broke"));
    await this.ask("settleDisks", 90_000);
    await this.ask("announceMove", 5_000);
    await agent.step("ends the QEMU that carried the disks", () => here.end());
  }

  private async copyDisks(): Promise<readonly [SimQemuLike, SimQemuLike]> {
    const { agent } = this;
    await this.ask("prepareMove", 120_000);
    const here = agent.host.qemu;
    const there = agent.world.hosts.b.qemu;
    if (here === undefined || there === undefined) throw new Failed("a QEMU ended");
    await agent.step("sets the client key", () => (here.hasKey = true));
    await agent.step("sets the capabilities", () => undefined);
    await agent.step("connects the target", () => undefined);
    await agent.step("begins the mirror", () => here.startMirror(there));
    await this.until(
      () => here.mirror === "ready",
      () => here.mirror === "failed",
    );
    return [here, there];
  }

  private async releaseAndGrant(): Promise<SimOperation["state"]> {
    try {
      await this.release();
    } catch {
      return this.settle(false);
    }
    if ((await this.grant()) !== "done") return this.settle(true);
    await this.becomeFormer();
    await this.finish();
    return "succeeded";
  }

  private async release(): Promise<void> {
    this.isReleaseTried = true;
    await this.agent.save({ role: "released", generation: this.generation, moveId });
    this.isReleaseTried = false;
  }

  private async grant(): Promise<Heard> {
    if (this.agent.record?.role !== "released") await this.release();
    return this.heard("grantMove", 15_000);
  }

  /** Synced over and over, as the disk may be full: it is the destination's already. */
  private async becomeFormer(): Promise<void> {
    for (;;) {
      try {
        if (this.agent.record?.role !== "former")
          await this.agent.save({ role: "former", generation: this.generation + 1 });
        return;
      } catch {
        await this.agent.sleep(1_000);
      }
    }
  }

  private async finish(): Promise<void> {
    const { agent } = this;
    await agent.step("ends its QEMU", () => agent.host.qemu?.end());
    await this.heard("finishMove", 20_000);
    await agent.clearOut();
    await agent.step("drops the note", () => delete agent.host.storage.note);
  }

  private get hands(): SourceHands {
    const { agent } = this;
    return {
      mode: agent.world.mode,
      lookHere: async () => this.lookHere(),
      lookThere: () => this.lookThere(),
      tell: (verdict) => this.tell(verdict),
      grant: () => this.grant(),
      abandon: () => this.heard("abandonMove", 10_000),
      abandonLater: async () => {
        if (!(await this.isReminded())) void this.remind();
      },
      actHere: (act) => this.actHere(act),
      cleanUp: () => this.cleanUp(),
      pause: (failures) => agent.sleep(Math.min(longestPauseMs, 100 * 2 ** failures)),
    };
  }

  /** Until a tried release is known to be undone, the record counts as released. */
  private lookHere(): HostView {
    const { agent } = this;
    const view = agent.view(moveId);
    const isShutDown = agent.host.storage.note?.shutdownAsked === true && view.qemu !== "absent";
    return {
      ...view,
      ...(this.isReleaseTried ? { role: "released" as const } : {}),
      ...(isShutDown ? { qemu: "shutdown" as const } : {}),
    };
  }

  private async lookThere(): Promise<SeenHost> {
    try {
      return (await this.ask("readMove", 5_000)) as HostView;
    } catch (error) {
      if (error instanceof Refused)
        return { role: "none", generation: 0, qemu: "absent", wantsToRun: true, ofThisMove: false };
      return "unreachable";
    }
  }

  private async actHere(act: HostAct): Promise<void> {
    const { agent } = this;
    if (act.record === "former") await this.becomeFormer();
    else if (act.record === "owner") await agent.save({ role: "owner", generation: this.generation });
    this.isReleaseTried = false;
    const { qemu } = agent.host;
    if (act.guest === "end") await agent.step("ends its QEMU", () => agent.host.qemu?.end());
    if (act.guest === "stop") await agent.step("stops its guest", () => qemu?.stop());
    if (act.guest === "start") await this.startAnew();
    if (act.guest === "continue") await this.continueHere();
  }

  /** The stream ends first; a guest that had stopped at the gate then goes on by itself. */
  private async continueHere(): Promise<void> {
    const { agent } = this;
    const { qemu } = agent.host;
    await agent.step("stops the memory stream", () => qemu?.cancelStream());
    await agent.step("continues its guest", () => {
      if (agent.record?.role === "owner" && qemu?.isMute !== true && qemu?.status !== "shutdown") qemu?.resume();
    });
  }

  private async cleanUp(): Promise<void> {
    const { agent } = this;
    const { qemu } = agent.host;
    if (qemu === undefined) return;
    await agent.step("stops what is left of the stream", () => qemu.cancelStream());
    await agent.step("stops the mirror", () => (qemu.mirror = "none"));
    await agent.step("drops the client key", () => (qemu.hasKey = false));
  }

  /** A live guest is the restart policy's; one that was shut down for the move is started by it. */
  private async startAnew(): Promise<void> {
    const { agent } = this;
    if (agent.world.mode === "live") return agent.startLater();
    await agent.step("ends the QEMU that carried the disks", () => agent.host.qemu?.end());
    await agent.step("starts its guest anew", () => new SimQemu(agent.world, agent.host, "born").resume());
  }

  /** Tells the destination to give up until it has heard; the note is kept till then, also over a restart. */
  private async remind(): Promise<void> {
    do await this.agent.sleep(againMs);
    while (!(await this.isReminded()));
  }

  private async isReminded(): Promise<boolean> {
    if ((await this.heard("abandonMove", 10_000)) === "unheard") return false;
    await this.agent.step("drops the note", () => delete this.agent.host.storage.note);
    return true;
  }

  private tell(verdict: Verdict): void {
    const told = `a rule: ${verdict.kind}${verdict.why === undefined ? "" : ` (${verdict.why})`}`;
    if (told !== this.lastTold) this.agent.world.tell(told);
    this.lastTold = told;
  }

  private async heard(verb: string, timeoutMs: number): Promise<Heard> {
    try {
      return (await this.ask(verb, timeoutMs)) === "owner" ? "refused" : "done";
    } catch (error) {
      if (error instanceof Refused) return "refused";
      if (error instanceof Trouble) return verb === "grantMove" ? "refused" : "unheard";
      if (error instanceof Unheard) return "unheard";
      throw error;
    }
  }

  private ask(verb: string, timeoutMs: number): Promise<unknown> {
    return this.agent
      .step(`asks ${verb}`, () => undefined)
      .then(() =>
        this.agent.hold(
          this.agent.world.network.call("b", verb, timeoutMs, {
            moveId,
            generation: verb === "grantMove" ? this.generation + 1 : this.generation,
          }),
        ),
      );
  }

  /** The generation that this host had before the move. */
  private get generation(): number {
    const { role, generation } = this.agent.record ?? { role: "owner", generation: 1 };
    return role === "former" ? generation - 1 : generation;
  }

  private async until(isDone: () => boolean, isBroken: () => boolean): Promise<void> {
    const untilMs = this.agent.world.clock.nowMs + phaseTimeoutMs;
    const { agent } = this;
    for (;;) {
      this.refuseCancelled();
      if (agent.host.qemu === undefined) throw new Failed("its QEMU ended");
      if (isDone()) return;
      if (isBroken()) throw new Failed("the stream broke");
      if (agent.world.clock.nowMs > untilMs) throw new Failed("nothing moved for long");
      await agent.sleep(5);
    }
  }

  private refuseCancelled(): void {
    if (this.isCancelled) throw new Failed("cancelled");
  }

  private demand(condition: boolean, otherwise: string): void {
    if (!condition) throw new Failed(otherwise);
  }
}
