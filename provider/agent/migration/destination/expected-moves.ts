// The moves that this host was told to expect, over its own SSH side. A peer's verb is heard only for one of these,
// and only from its source. Durable: a move goes on after a restart of the agent.

import { LeeaError } from "../../../model/errors";
import type { ExpectMoveRequest } from "../../../protocol/vm";
import type { AgentContext } from "../../agent-context";

/** Expected moves by id. */
export class ExpectedMoves {
  readonly #ctx: AgentContext;
  readonly #moves = new Map<string, ExpectMoveRequest>();

  constructor(ctx: AgentContext) {
    this.#ctx = ctx;
  }

  /** Reads what earlier processes were told. */
  async load(): Promise<void> {
    for (const file of await this.#ctx.system.list(this.#folder)) {
      const text = await this.#ctx.system.readText(`${this.#folder}/${file}`);
      if (text === undefined || !file.endsWith(".json")) continue;
      const move = JSON.parse(text) as ExpectMoveRequest;
      this.#moves.set(move.moveId, move);
    }
  }

  /** Remembers a move; a newer one of the same VM takes the place of an older, but for the one that a record stands for. */
  async expect(move: ExpectMoveRequest, standing?: string): Promise<void> {
    for (const other of this.#moves.values())
      if (other.vmId === move.vmId && other.moveId !== move.moveId && other.moveId !== standing)
        await this.forget(other.moveId);
    await this.#ctx.system.writeDurable(`${this.#folder}/${move.moveId}.json`, `${JSON.stringify(move)}\n`);
    this.#moves.set(move.moveId, move);
  }

  /** The move, if this host was told of it. */
  find(moveId: string): ExpectMoveRequest | undefined {
    return this.#moves.get(moveId);
  }

  /** The move, if `callerFingerprint` is its source. Error: PEER_REFUSED. */
  demand(moveId: string, callerFingerprint: string): ExpectMoveRequest {
    const move = this.#moves.get(moveId);
    if (move !== undefined && move.source.fingerprint === callerFingerprint) return move;
    throw new LeeaError({
      code: "PEER_REFUSED",
      message: "this host was not told to expect that move from that host",
      hint: "Run the move again; the provider tells both hosts.",
    });
  }

  /** Forgets a move that has ended. */
  async forget(moveId: string): Promise<void> {
    this.#moves.delete(moveId);
    await this.#ctx.system.remove(`${this.#folder}/${moveId}.json`);
  }

  get #folder(): string {
    return `${this.#ctx.paths.state}/expected`;
  }
}
