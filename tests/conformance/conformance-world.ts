// What the conformance suite needs of a world of hosts, fake or real, and a resource driven in it as an engine would:
// declared, created, retried after a failure, its state kept.

import type {
  HandlerContext,
  KnownState,
  ResourceHandler,
  Values,
} from "../../provider/controller/handlers/handler-context";
import type { Connection } from "../../provider/model/connection";
import { type Death, dieAt } from "./program-that-dies";

/** Two hosts, `a` and `b`, and what can be seen of them from outside. */
export interface ConformanceWorld {
  readonly context: HandlerContext;
  /** A directory or file names for a kernel boot, relative to the context's program folder. */
  readonly boot: Values;
  connectionTo(host: "a" | "b"): Connection;
  /** A way on which nobody answers. */
  readonly deadConnection: Connection;
  /** All that a verb could change on the hosts, as text. */
  snapshot(): Promise<string>;
  /** How many VMs run on all hosts together. */
  countVms(): Promise<number>;
}

/** A resource as an engine holds it: perhaps reached, perhaps with a state. */
export class Driven {
  readonly handler: ResourceHandler;
  readonly world: ConformanceWorld;
  inputs: Values;
  id: string | undefined;
  known: KnownState | undefined;

  constructor(handler: ResourceHandler, world: ConformanceWorld, inputs: Values) {
    this.handler = handler;
    this.world = world;
    this.inputs = inputs;
  }

  /** One run of the program, as the engine decides it: create where nothing is known, else update. */
  async up(context = this.world.context): Promise<void> {
    if (this.id !== undefined && this.known !== undefined) {
      this.known = await this.handler.update(this.id, this.known, this.inputs, context);
      return;
    }
    const reached = (id: string): void => {
      this.id = id;
      this.known = { inputs: this.inputs, outputs: {} };
    };
    const { id, outputs } = await this.handler.create(this.inputs, context, reached);
    this.id = id;
    this.known = { inputs: this.inputs, outputs };
  }

  /** Removes it; the state is kept, so that it can be removed again. */
  async destroy(context = this.world.context): Promise<void> {
    const { id, known } = this.state();
    await this.handler.delete(id, known, context);
  }

  /** What refresh finds. */
  async read(): Promise<KnownState | undefined> {
    const { id, known } = this.state();
    return this.handler.read(id, known, this.world.context);
  }

  /** What preview says of these inputs. */
  async preview(inputs = this.inputs) {
    const { id, known } = this.state();
    return this.handler.diff(id, known, inputs, this.world.context);
  }

  /** Id and state of what was made. */
  state(): { readonly id: string; readonly known: KnownState } {
    if (this.id === undefined || this.known === undefined) throw new Error("nothing was made yet");
    return { id: this.id, known: this.known };
  }
}

/** Runs the act with the program dying at every place in turn, each time followed by a whole run. `fresh` makes the ground. */
export async function dieEverywhere(
  world: ConformanceWorld,
  fresh: () => Promise<Driven>,
  steps: {
    readonly act: (driven: Driven, context: HandlerContext) => Promise<void>;
    readonly look: (driven: Driven, told: string) => Promise<void>;
  },
): Promise<number> {
  let tried = 0;
  for (const when of ["before", "after"] as const)
    for (let act = 1; ; act += 1) {
      const driven = await fresh();
      const hasDied = await runOnce(world, driven, { act, when }, steps.act);
      if (hasDied) await steps.act(driven, world.context);
      await steps.look(driven, hasDied ? `died ${when} act ${act}` : "lived");
      if (!hasDied) break;
      tried += 1;
      if (tried > 200) throw new Error("the program died at more places than any run has");
    }
  return tried;
}

/** True where the program died. An error of another kind is the test's failure. */
async function runOnce(
  world: ConformanceWorld,
  driven: Driven,
  death: Death,
  act: (driven: Driven, context: HandlerContext) => Promise<void>,
): Promise<boolean> {
  const { context, hasDied } = dieAt(world.context, death);
  try {
    await act(driven, context);
  } catch (error) {
    if (!hasDied()) throw error;
  }
  return hasDied();
}

/** Outputs without what a repeated creation may raise and what only the clock decides. */
export function lasting(outputs: Values | undefined): Values {
  const { incarnation: _raised, bootedAt: _clock, ...rest } = outputs ?? {};
  return rest;
}
