// The destination's side of a move in the simulator: what provider/agent/migration/destination does, one verb of a move
// at a time, in the same order of syncs and acts.

import { decideRecovery } from "../../../provider/model/recovery/decide-recovery";
import type { HostView } from "../../../provider/model/recovery/recovery-view";
import { SimQemu } from "../sim-qemu";
import type { SimLife, SimQemuLike } from "../sim-types";

const silenceMs = 5 * 60_000;
const loadedTimeoutMs = 10_000;

/** Verbs of one move. */
export class SimDestination {
  private readonly agent: SimLife;
  private turn: Promise<unknown> = Promise.resolve();
  private heardAtMs: number;

  constructor(agent: SimLife) {
    this.agent = agent;
    this.heardAtMs = agent.world.clock?.nowMs ?? 0;
  }

  /** Answers the source; an error is a refusal. */
  answer(verb: string, body: unknown): Promise<unknown> {
    const { storage } = this.agent.host;
    const { moveId, ...rest } = body as { moveId: string; generation: number };
    if (storage.expected !== moveId) return Promise.reject(new Error("this host was not told to expect that move"));
    this.heardAtMs = this.agent.world.clock.nowMs;
    return this.inTurn(() => this.act(verb, moveId, rest.generation));
  }

  /** What this host decides by itself, where the source does not answer. */
  judgeAlone(isSilent: boolean): Promise<unknown> {
    const { record } = this.agent;
    if (record?.role !== "incoming") return Promise.resolve();
    return this.inTurn(async () => {
      const moveId = this.agent.record?.moveId ?? "";
      const verdict = decideRecovery({
        mode: this.agent.record?.mode ?? "live",
        source: "unreachable",
        destination: this.agent.view(moveId),
        isUnderWay: false,
        isSilent,
        isGrantRefused: false,
      });
      if (verdict.kind === "undo") await this.abandon(moveId);
    }).catch(() => undefined); // a disk that is full: the next look tries again
  }

  /** Gives up a move whose source has said nothing for minutes. */
  lookForSilence(): Promise<unknown> {
    return this.judgeAlone(this.agent.world.clock.nowMs - this.heardAtMs > silenceMs);
  }

  private inTurn<T>(act: () => Promise<T>): Promise<T> {
    const mine = this.turn.then(act);
    this.turn = mine.catch(() => undefined);
    return mine;
  }

  private async act(verb: string, moveId: string, generation: number): Promise<unknown> {
    switch (verb) {
      case "prepareMove":
        return this.prepare(moveId, generation);
      case "readMove":
        return this.agent.view(moveId);
      case "announceMove":
        this.demandIncoming(moveId);
        return this.agent.step("announces the address", () => "announced");
      case "settleDisks":
        return this.settle(moveId);
      case "grantMove":
        return this.takeGrant(moveId, generation);
      case "finishMove":
        return this.finish(moveId);
      case "abandonMove":
        return this.abandon(moveId);
      default:
        throw new Error(`no verb ${verb}`);
    }
  }

  private async prepare(moveId: string, generation: number): Promise<string> {
    const { agent } = this;
    const { role } = agent.record ?? {};
    if (role === "owner" || role === "released") throw new Error(`this host's record says ${role}`);
    const { mode } = agent.world;
    await agent.save({ role: "incoming", generation, moveId, ...(mode === "cold" ? { mode } : {}) });
    await agent.step("launches a waiting QEMU", () => {
      agent.host.qemu?.end();
      agent.host.disk = 0;
      new SimQemu(agent.world, agent.host, "incoming");
    });
    await agent.sync("QEMU's mark", () => undefined);
    await agent.step("sets the server key", () => this.qemu());
    await agent.step("listens for memory", () => this.qemu());
    await agent.step("exports its disks", () => (agent.host.hasExport = this.qemu().isAlive));
    return "ready";
  }

  /** Disks are whole: a cold move's destination now makes the QEMU that the guest will be born in. */
  private async settle(moveId: string): Promise<string> {
    const { agent } = this;
    this.demandIncoming(moveId);
    await agent.step("lets go of its exports", () => (agent.host.hasExport = false));
    if (agent.record?.mode !== "cold" || agent.host.qemu?.state === "prelaunch") return "settled";
    await agent.step("exchanges its QEMU", () => {
      agent.host.qemu?.end();
      new SimQemu(agent.world, agent.host, "born");
    });
    return "settled";
  }

  private async takeGrant(moveId: string, generation: number): Promise<HostView> {
    const { agent } = this;
    const { record } = agent;
    if (record?.moveId !== moveId || (record.role !== "incoming" && record.role !== "owner"))
      throw new Error("this host gave the move up");
    if (record.role === "incoming") {
      await this.awaitWhole();
      const { mode: _mode, ...rest } = record;
      await agent.save({ ...rest, role: "owner", generation });
    }
    await agent.step("continues the granted guest", () => {
      if (agent.host.qemu?.isMute !== true) agent.host.qemu?.resume();
    });
    if (agent.host.qemu?.state === "running") return agent.view(moveId);
    void agent.goOn();
    throw new Error("QEMU does not run after it was continued");
  }

  private async finish(moveId: string): Promise<string> {
    const { agent } = this;
    const { record } = agent;
    if (record?.role === "owner" && record.moveId === moveId) {
      const { moveId: _ended, ...rest } = record;
      await agent.save(rest);
      await agent.step("ends the streams", () => undefined);
    }
    await agent.step("forgets the expected move", () => delete agent.host.storage.expected);
    return "finished";
  }

  /** `never-ran` is synced before it is said; nothing is ended before it is synced. */
  private async abandon(moveId: string): Promise<"owner" | "never-ran"> {
    const { agent } = this;
    const { record } = agent;
    if (record?.moveId === moveId && record.role === "owner") return "owner";
    if (
      record?.moveId === moveId &&
      (record.role === "incoming" || agent.host.qemu !== undefined || agent.host.disk !== undefined)
    ) {
      const { mode: _mode, ...rest } = record;
      if (record.role === "incoming") await agent.save({ ...rest, role: "abandoned" });
      await agent.clearOut();
    }
    return "never-ran";
  }

  private async awaitWhole(): Promise<void> {
    const { agent } = this;
    const wanted = agent.record?.mode === "cold" ? "prelaunch" : "paused";
    const untilMs = agent.world.clock.nowMs + loadedTimeoutMs;
    while (this.qemu().state !== wanted) {
      if (agent.world.clock.nowMs > untilMs) throw new Error(`QEMU stands at ${this.qemu().state}`);
      await agent.sleep(200);
    }
  }

  private qemu(): SimQemuLike {
    const { qemu } = this.agent.host;
    if (qemu === undefined || qemu.isMute) throw new Error("the QEMU that waited for the move is gone");
    return qemu;
  }

  private demandIncoming(moveId: string): void {
    const { record } = this.agent;
    if (record?.role !== "incoming" || record.moveId !== moveId) throw new Error("the move was not prepared here");
  }
}
