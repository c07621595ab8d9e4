// A provider as a process of its own that creates or deletes one resource, so that it can be killed, or kills itself after
// a named act. The bundle of tests/faults/main.ts is both the caller and, told `provider-life`, this process.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeSync } from "node:fs";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import type { Lab } from "../../../provider/cli/lab/lab";
import type { KnownState, ResourceHandler, Values } from "../../../provider/controller/handlers/handler-context";
import { meshNodeHandler } from "../../../provider/controller/handlers/mesh-node";
import { vmHandler } from "../../../provider/controller/handlers/vm";
import { closeIdleHosts } from "../../../provider/controller/host-pool";
import { enterWorld, type World } from "../../e2e/world/world";
import { wordsOf } from "../world/converge";
import { findInCheckout } from "../world/find-in-checkout";
import { tellActs } from "./named-acts";

/** What the provider is to do. */
export type Deed = { readonly type: "MeshNode" | "VM" } & (
  | { readonly verb: "create"; readonly inputs: Values }
  | { readonly verb: "delete"; readonly id: string; readonly known: KnownState }
);

/** What it did: its acts in order, and how it ended. `killed` has no last word. */
export interface LifeEnd {
  readonly acts: readonly string[];
  readonly end: "done" | "killed" | { readonly error: string };
}

/** A provider at work. */
export interface ProviderLife {
  readonly ended: Promise<LifeEnd>;
  kill(): void;
}

interface LifeTask {
  readonly lab: Lab;
  readonly deed: Deed;
  /** The act after which it kills itself; "never" comes to its end. */
  readonly dieAfter: string;
}

type LifeLine = { readonly act: string } | { readonly end: LifeEnd["end"] };

/** Command of the program. */
export const lifeCommand = "provider-life";

/** Starts a provider in this process's environment. */
export function startLife(world: World, deed: Deed, dieAfter = "never"): ProviderLife {
  const child = spawn(process.execPath, [findInCheckout(".cache", "programs", "faults.cjs"), lifeCommand], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env },
  });
  const acts: string[] = [];
  let end: LifeEnd["end"] = "killed";
  createInterface({ input: child.stdout }).on("line", (line) => {
    const said = JSON.parse(line) as LifeLine;
    if ("act" in said) acts.push(said.act);
    else end = said.end;
  });
  child.stdin.end(JSON.stringify({ lab: world.lab, deed, dieAfter } satisfies LifeTask));
  const ended = once(child, "close").then(() => ({ acts, end }));
  return { ended, kill: () => void child.kill("SIGKILL") };
}

/** The process's own main. */
export async function runLife(): Promise<void> {
  const { lab, deed, dieAfter } = JSON.parse(await text(process.stdin)) as LifeTask;
  const say = (line: LifeLine): void => void writeSync(1, `${JSON.stringify(line)}\n`);
  const { context } = enterWorld(lab);
  const hosts = tellActs(context.hosts, (act) => {
    say({ act });
    if (act === dieAfter) process.kill(process.pid, "SIGKILL");
  });
  const end = await doDeed(deed, { ...context, hosts }).then(
    () => "done" as const,
    (error: unknown) => ({ error: wordsOf(error) }),
  );
  say({ end });
  closeIdleHosts();
}

async function doDeed(deed: Deed, context: Parameters<ResourceHandler["delete"]>[2]): Promise<void> {
  const handler = deed.type === "VM" ? vmHandler : meshNodeHandler;
  if (deed.verb === "create") await handler.create(deed.inputs, context, () => undefined);
  else await handler.delete(deed.id, deed.known, context);
}
