// The provider as a process of its own, so that it can be killed: it gets the world on its input, moves the VM by the
// handler, and prints its progress. The bundle of tests/faults/main.ts is both the caller and, told `provider`, this process.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import type { Lab } from "../../../provider/cli/lab/lab";
import type { KnownState } from "../../../provider/controller/handlers/handler-context";
import { closeIdleHosts } from "../../../provider/controller/host-pool";
import { TrackedVm, type VmWish } from "../../e2e/world/tracked-vm";
import { enterWorld, type WorldNode } from "../../e2e/world/world";
import { wordsOf } from "./converge";
import { findInCheckout } from "./find-in-checkout";

/** What the process is told. */
interface ProviderTask {
  readonly lab: Lab;
  readonly nodes: readonly (readonly [string, WorldNode])[];
  readonly vm: { readonly id: string; readonly name: string; readonly known: KnownState; readonly wish: VmWish };
  readonly to: string;
}

/** A line that it prints. */
type ProviderLine = { readonly phase: string } | { readonly known: KnownState } | { readonly error: string };

/** A provider at work. `done` rejects with its error, and with one that says so when it was killed. */
export interface ProviderProcess {
  readonly done: Promise<void>;
  kill(): void;
}

/** Starts a provider that moves the VM. */
export function startProvider(vm: TrackedVm, to: string): ProviderProcess {
  const child = spawn(process.execPath, [findInCheckout(".cache", "programs", "faults.cjs"), "provider"], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const { world, id, name, known, wish } = vm;
  const task: ProviderTask = { lab: world.lab, nodes: [...world.nodes], vm: { id, name, known, wish }, to };
  child.stdin.end(JSON.stringify(task));
  return { done: followProvider(child, vm), kill: () => void child.kill("SIGKILL") };
}

async function followProvider(child: ChildProcess, vm: TrackedVm): Promise<void> {
  let last: ProviderLine | undefined;
  if (child.stdout === null) throw new Error("the provider has no output");
  createInterface({ input: child.stdout }).on("line", (line) => {
    last = JSON.parse(line) as ProviderLine;
    if ("phase" in last) vm.world.onProgress(last as Parameters<typeof vm.world.onProgress>[0]);
  });
  await once(child, "close");
  if (last !== undefined && "known" in last) vm.known = last.known;
  else throw new Error(last !== undefined && "error" in last ? last.error : "the provider was killed");
}

/** The provider's own main. */
export async function runProvider(): Promise<void> {
  const task = JSON.parse(await text(process.stdin)) as ProviderTask;
  const world = enterWorld(task.lab, new Map(task.nodes));
  const print = (line: ProviderLine): void => void process.stdout.write(`${JSON.stringify(line)}\n`);
  world.onProgress = ({ phase }) => print({ phase });
  const vm = new TrackedVm(world, task.vm.name, task.vm);
  try {
    await vm.update(task.to);
    print({ known: vm.known });
  } catch (error) {
    print({ error: wordsOf(error) });
  }
  closeIdleHosts();
}
