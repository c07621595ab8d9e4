// Hosts of a lab, each with the agent's mesh part on it, and the words in which mesh.test.ts speaks of them.

import { execFile, spawn } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { buildSync } from "esbuild";
import type { MeshDescription } from "../../../provider/agent/mesh/describe-mesh";
import { bootHost, killHost, labDown, labExecArgv, labUp } from "../../../provider/cli/lab/lab";
import type { NodeIdentity, PutLinkResponse, PutMeshRequest, VouchResponse } from "../../../provider/protocol/node";

const run = promisify(execFile);

/** What a link's end is told. */
export interface LinkEnds {
  readonly one: PutLinkResponse;
  readonly other: PutLinkResponse;
}

/** The rig: `act` runs one act of the agent on a host, `inside` a bash text. */
export interface MeshRig {
  act<T>(host: string, name: string, input?: unknown): Promise<T>;
  inside(host: string, text: string): Promise<string>;
  /** Starts an act that lives on; gives what ends it, once the act is ready. */
  keep(host: string, name: string): Promise<() => Promise<unknown>>;
  powerCut(host: string): Promise<void>;
  found(host: string): Promise<void>;
  join(host: string, member: string): Promise<VouchResponse>;
  link(one: string, other: string, vouched: VouchResponse): Promise<LinkEnds>;
  describe(host: string): Promise<MeshDescription>;
  end(): Promise<void>;
}

/** Builds the agent's mesh part, makes a lab of the given hosts and puts the program on each. */
export async function startMeshRig(name: string, hosts: readonly string[]): Promise<MeshRig> {
  const bundle = buildAgent();
  let lab = await labUp({ name, hosts });
  const addresses = new Map(lab.hosts.map((host) => [host.name, host.address]));
  const argvOf = (host: string, argv: readonly string[]): string[] => labExecArgv(lab, host, argv);

  const inside = async (host: string, text: string): Promise<string> => {
    const [program = "", ...rest] = argvOf(host, ["bash", "-ec", text]);
    return (await run(program, rest)).stdout.trim();
  };
  const act = async <T>(host: string, verb: string, input?: unknown): Promise<T> => {
    const [program = "", ...rest] = argvOf(host, [
      "node",
      "/opt/leea/mesh-agent.cjs",
      verb,
      JSON.stringify(input ?? null),
    ]);
    const answer = JSON.parse((await run(program, rest)).stdout) as { result: T; error?: { message: string } };
    if (answer.error !== undefined) throw Object.assign(new Error(answer.error.message), answer.error);
    return answer.result;
  };
  const request = (host: string) => ({
    owner: "acme/shop/test",
    name: host,
    storagePath: "/var/lib/leea",
    endpoint: { address: addresses.get(host) ?? "", portBase: 51820, portCount: 8 },
  });
  const describe = (host: string) => act<MeshDescription>(host, "describe");

  for (const host of hosts) await putPrograms(inside, host, bundle);
  return {
    act,
    inside,
    describe,
    async keep(host, verb) {
      const [program = "", ...rest] = argvOf(host, ["node", "/opt/leea/mesh-agent.cjs", verb]);
      const child = spawn(program, rest, { stdio: ["ignore", "pipe", "inherit"] });
      await new Promise((resolve) => child.stdout.once("data", resolve));
      return () => inside(host, "kill $(cat /run/leea/mesh-agent.pid)");
    },
    async powerCut(host) {
      lab = await bootHost(await killHost(lab, host), host);
    },
    async found(host) {
      const founded = { name: "prod", nodeRange: "10.91.0.0/16", vmRange: "10.92.0.0/16", mtu: 1420 };
      await act(host, "putMesh", { ...request(host), found: founded } satisfies PutMeshRequest);
    },
    async join(host, member) {
      const candidate = await act<NodeIdentity>(host, "identity");
      const admission = await act<VouchResponse>(member, "vouch", { candidate });
      await act(host, "putMesh", { ...request(host), admission } satisfies PutMeshRequest);
      return admission;
    },
    async link(one, other, { voucher }) {
      const [onePeer, otherPeer] = [(await describe(other)).descriptor, (await describe(one)).descriptor];
      const first = await act<PutLinkResponse>(one, "putLink", { peer: onePeer, voucher });
      const second = await act<PutLinkResponse>(other, "putLink", {
        peer: otherPeer,
        voucher,
        peerPort: first.listenPort,
      });
      await act(one, "putLink", { peer: onePeer, voucher, peerPort: second.listenPort });
      return { one: first, other: second };
    },
    async end() {
      await labDown(name);
      rmSync(bundle, { recursive: true });
    },
  };
}

/** The bundle, and wireguard-go where this machine has one, in a folder of their own. */
function buildAgent(): string {
  const folder = mkdtempSync("/var/tmp/leea-mesh-test-");
  const entry = require.resolve("./mesh-agent");
  buildSync({
    entryPoints: [entry],
    bundle: true,
    platform: "node",
    target: "node20",
    outfile: join(folder, "mesh-agent.cjs"),
  });
  const wireguardGo = process.env["LEEA_WIREGUARD_GO"];
  mkdirSync(join(folder, "bin"));
  if (wireguardGo !== undefined) {
    copyFileSync(wireguardGo, join(folder, "bin", "wireguard-go"));
    chmodSync(join(folder, "bin", "wireguard-go"), 0o755);
  }
  return folder;
}

type Inside = (host: string, text: string) => Promise<string>;

/** A host has its own /opt, so the programs go in through a pipe. */
async function putPrograms(inside: Inside, host: string, bundle: string): Promise<void> {
  const size = readFileSync(join(bundle, "mesh-agent.cjs")).length;
  await inside(
    host,
    `mkdir -p /opt/leea/bin; cp -r '${bundle}/.' /opt/leea/; test "$(stat -c %s /opt/leea/mesh-agent.cjs)" = ${size}`,
  );
}
