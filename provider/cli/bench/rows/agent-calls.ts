// Rows: what a call of the agent costs over one warm SSH connection, by one caller and by twenty at once; beside it the
// same HTTP over the same kind of SSH connection to a bare Node server, and a fresh `ssh host true`.

import { execFile } from "node:child_process";
import { request } from "node:http";
import { promisify } from "node:util";
import { AgentTransport } from "../../../controller/agent-link/agent-transport";
import { openHost } from "../../../controller/host-session";
import { resolveRoute } from "../../../controller/ssh/route";
import { connectSsh } from "../../../controller/ssh/ssh-connection";
import { atMost, type BenchRow, makeRow, type RowDraft } from "../report/bench-row";
import { percentileOf } from "../report/statistics";
import { type BareServer, startBareServer } from "../rig/bare-server";
import type { Bench } from "../rig/bench";
import { hostOf, type World, wayTo } from "../rig/world";

const run = promisify(execFile);
const callers = 20;
const rounds = 5;

type Call = () => Promise<unknown>;

/** Measures calls of the agent on `host`, which is installed already. */
export async function measureCalls(bench: Bench, world: World, host: string): Promise<readonly BenchRow[]> {
  const session = await openHost(wayTo(world, host), { install: "never" });
  const bare = await openBareClient(world, host, await startBareServer(bench, world, host));
  const ours = (): Promise<unknown> => session.call("getHealth", {});
  const alone = { leea: [] as number[], floor: [] as number[], peer: [] as number[] };
  const crowd = { leea: [] as number[], floor: [] as number[] };
  const calls = bench.quick ? 40 : 200;
  try {
    await timeCalls(ours, 1, calls); // warm: code compiled, channels open
    await timeCalls(bare.call, 1, calls);
    for (let round = 0; round < rounds; round += 1) {
      bench.tell(`calls over warm SSH, round ${round + 1}/${rounds}`);
      alone.leea.push(...(await timeCalls(ours, 1, calls)));
      alone.floor.push(...(await timeCalls(bare.call, 1, calls)));
      alone.peer.push(...(await timeCalls(() => runSsh(world, host), 1, 4)));
      crowd.leea.push(...(await timeCalls(ours, callers, calls / 4)));
      crowd.floor.push(...(await timeCalls(bare.call, callers, calls / 4)));
    }
  } finally {
    session.close();
    bare.close();
  }
  const row = (draft: Omit<RowDraft, "unit">): BenchRow => makeRow({ unit: "ms", ...draft });
  const p99 = (samples: readonly number[]): number => percentileOf(samples, 0.99);
  const target = atMost(2, "ms p50");
  return [
    row({ row: "agent call over warm SSH, 1 caller, p50", samples: alone, target }),
    row({ row: "agent call over warm SSH, 1 caller, p99", samples: alone, pick: p99 }),
    row({ row: `agent call over warm SSH, ${callers} callers at once, p50`, samples: crowd, target, note: crowdNote }),
    row({ row: `agent call over warm SSH, ${callers} callers at once, p99`, samples: crowd, pick: p99 }),
  ];
}

const crowdNote =
  "callers, SSH client, sshd and server share this machine's cores, and each caller waits for the nineteen others";

/** Times of `each` calls by each of `count` callers at once, in ms. */
async function timeCalls(call: Call, count: number, each: number): Promise<number[]> {
  const times: number[] = [];
  const caller = async (): Promise<void> => {
    for (let index = 0; index < each; index += 1) {
      const startedAtMs = performance.now();
      await call();
      times.push(performance.now() - startedAtMs);
    }
  };
  await Promise.all(Array.from({ length: count }, caller));
  return times;
}

async function openBareClient(
  world: World,
  host: string,
  server: BareServer,
): Promise<{ call: Call; close: () => void }> {
  const ssh = await connectSsh(await resolveRoute(wayTo(world, host)));
  const agent = new AgentTransport(() => ssh.openUnixSocket(server.socket));
  const call: Call = () =>
    new Promise((resolve, reject) => {
      const sent = request({ agent, path: "/" }, (answer) => answer.resume().once("end", resolve));
      sent.once("error", reject);
      sent.end();
    });
  return {
    call,
    close: () => {
      agent.destroy();
      ssh.end();
    },
  };
}

async function runSsh({ lab }: World, host: string): Promise<void> {
  const { address, port } = hostOf({ lab } as World, host);
  const options = ["-o", `UserKnownHostsFile=${lab.knownHostsFile}`, "-o", "BatchMode=yes", "-i", lab.identityFile];
  await run("ssh", ["-F", "none", ...options, "-p", String(port), `root@${address}`, "true"]);
}
