// The agent's own figures: what it weighs, how long a bare host takes, what a call costs over SSH.

import { statSync } from "node:fs";
import { openHost } from "../../controller/host-session";
import { type BenchWorld, wayTo } from "./bench-world";

const warmCalls = 200;

/** Sizes in `bytes`, times in `ms`. */
export interface AgentFigures {
  readonly bundleBytes: number;
  readonly bareToAnsweringMs: number;
  readonly idleRssBytes: number;
  readonly warmCallMs: readonly number[];
}

/** Installs on a bare host, then calls it. The host has runtime and packages, and no agent. */
export async function measureAgent(world: BenchWorld, host: string): Promise<AgentFigures> {
  const startedAt = performance.now();
  const session = await openHost(wayTo(world, host), { install: "upgrade" });
  await session.call("getHealth", {});
  const bareToAnsweringMs = performance.now() - startedAt;
  const warmCallMs: number[] = [];
  for (let call = 0; call < warmCalls; call += 1) {
    const before = performance.now();
    await session.call("getHealth", {});
    warmCallMs.push(performance.now() - before);
  }
  const { rssBytes } = await session.call("getHealth", {});
  session.close();
  return { bundleBytes: statSync(bundlePath()).size, bareToAnsweringMs, idleRssBytes: rssBytes, warmCallMs };
}

function bundlePath(): string {
  return process.env["LEEA_AGENT_BUNDLE"] ?? `${__dirname}/agent.cjs`;
}
