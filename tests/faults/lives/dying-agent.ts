// The real agent with a head that lets it die at a named point of its work, on the hosts of a test's world. The test says
// where, and reads which points were passed. See dying-agent-head.cjs.

import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { World } from "../../e2e/world/world";
import { findInCheckout } from "../world/find-in-checkout";

/** A point of an agent's work, such as `before sync records 2`. Acts of a kind are counted from the plan on. */
export type AgentPoint = `${"before sync" | "after sync" | "after start" | "after remove"} ${string} ${number}`;

let planCount = 0;

/** Makes the bundle, and makes it the one that providers carry, this process's own and those that it starts. */
export function carryDyingAgent(): void {
  const real = findInCheckout("provider", "dist", "agent.cjs");
  const head = readFileSync(findInCheckout("tests", "faults", "lives", "dying-agent-head.cjs"), "utf8");
  const bundle = join(findInCheckout(".cache", "programs"), "dying-agent.cjs");
  writeFileSync(bundle, head + readFileSync(real, "utf8"));
  process.env["LEEA_AGENT_BUNDLE"] = bundle;
}

/** From now on the host's agent notes its points, and dies at the named one, once. */
export function planDeath(world: World, host: string, point: AgentPoint | "nowhere"): void {
  planCount += 1;
  rmSync(fileOn(world, host, "leea-story"), { force: true });
  writeFileSync(fileOn(world, host, "leea-death"), `${planCount}\n${point}`);
}

/** Ends the plan. Gives what was passed, and whether the agent died of it. */
export function endPlan(world: World, host: string): { readonly passed: readonly string[]; readonly died: boolean } {
  const plan = fileOn(world, host, "leea-death");
  const story = fileOn(world, host, "leea-story");
  const died = !existsSync(plan);
  const passed = existsSync(story) ? readFileSync(story, "utf8").trimEnd().split("\n") : [];
  for (const file of [plan, story]) rmSync(file, { force: true });
  return { passed, died };
}

/**
 * Does `act`, and again where it failed, while the host's agent dies at the point. A first run may fail, or find its way over
 * the restart by itself; the second one must not fail. Gives what the run that succeeded gave.
 */
export async function whileDying<T>(
  world: World,
  { host, point }: { readonly host: string; readonly point: AgentPoint },
  act: () => Promise<T>,
): Promise<T> {
  planDeath(world, host, point);
  try {
    return await act().catch(() => act());
  } finally {
    expect({ point, ...endPlan(world, host) }).toMatchObject({ died: true });
  }
}

/**
 * The points that differ: before each sync, which is after all that came before it and leaves a draft; after each start
 * and removal; and after the last sync.
 */
export function pointsOf(passed: readonly string[]): readonly string[] {
  const last = passed.findLast((point) => point.startsWith("after sync"));
  return passed.filter((point) => !point.startsWith("after sync") || point === last);
}

function fileOn(world: World, host: string, name: string): string {
  const pid = world.lab.hosts.find((each) => each.name === host)?.pid;
  return `/proc/${pid}/root/root/${name}`;
}
