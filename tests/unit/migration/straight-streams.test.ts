// Whether a move's streams go straight: proven over real sockets between two hosts' agents, and the mesh whenever the
// proof fails, for whatever reason.

import { connect, createServer } from "node:net";
import type { Agent } from "../../../provider/agent/agent";
import { releaseMovePorts, takeMovePorts } from "../../../provider/agent/migration/destination/move-ports";
import type { SourceMove } from "../../../provider/agent/migration/source/source-move";
import { findStraight } from "../../../provider/agent/migration/straight/admissions";
import { openStraight, takeStraightAddress } from "../../../provider/agent/migration/straight/open-straight";
import { tryStraight } from "../../../provider/agent/migration/straight/try-straight";
import { LeeaError } from "../../../provider/model/errors";
import type { ExpectMoveRequest } from "../../../provider/protocol/vm";
import { FakeSystem } from "../../fakes/fake-system";

const address = "127.0.0.1";
const moveId = "move-1";

/** An agent with one link, to `peer`, which WireGuard sees at `seenAt`. */
function agentLinkedTo(peer: string, { seenAt = address, own = [address] } = {}): Agent {
  const system = new FakeSystem();
  const link = { peer: { nodeId: peer, wireguardPublicKey: "key" }, interfaceName: "leeal0", listenPort: 51820 };
  system.put("/state/mesh.json", JSON.stringify({ version: 1, links: [link] }));
  const dump = `private\town\t51820\toff\nkey\t(none)\t${seenAt}:51820\t0.0.0.0/0\t1700000000\t1\t1\toff\n`;
  system.put("/sys/class/net/leeal0/mtu", "1420\n");
  system.programs.set("wg", () => ({ stdout: dump }));
  system.programs.set("ip", (argv) => {
    const found = own.includes(argv.at(-1) ?? "") ? [{ addr_info: [{ local: argv.at(-1) }] }] : [];
    return { stdout: JSON.stringify(found) };
  });
  const paths = { state: "/state", run: "/run" };
  return { ctx: { system, paths, log: { write: () => undefined } } } as unknown as Agent;
}

const destination = agentLinkedTo("a");
const expected = { moveId, source: { nodeId: "a", name: "a" } } as unknown as ExpectMoveRequest;

function moveFrom(source: Agent, transport: "mesh" | "auto", to: Agent = destination): SourceMove {
  const askPeer = (_peer: unknown, verb: string, { body }: { body: unknown }) => {
    if (verb !== "openStraight") throw new Error(`asked for ${verb}`);
    return openStraight(to, expected, body as Parameters<typeof openStraight>[2]);
  };
  return {
    agent: { ...source, askPeer },
    note: { moveId, destination: { nodeId: "b", name: "b" } },
    record: { vmId: "v", spec: { migration: { downtimeLimitMs: 30, transport } } },
    work: { report: () => undefined },
  } as unknown as SourceMove;
}

function reads(port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port });
    let text = "";
    socket.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
    socket.on("error", () => resolve("refused"));
    socket.on("close", () => resolve(text));
  });
}

afterEach(async () => {
  await takeStraightAddress(destination, moveId, undefined);
  releaseMovePorts(moveId);
});

describe("streams straight between two hosts", () => {
  test("are taken once the source has been at both ports, which then are free for QEMU", async () => {
    expect(await tryStraight(moveFrom(agentLinkedTo("b"), "auto"))).toBe(address);
    expect(await findStraight(destination.ctx, moveId)).toMatchObject({ source: address, address });
    expect(await takeStraightAddress(destination, moveId, address)).toBe(address);
    const { migrationPort, nbdPort } = takeMovePorts(moveId);
    expect(await Promise.all([migrationPort, nbdPort].map(reads))).toEqual(["refused", "refused"]);
  });

  test("are not even asked for where the VM is to move through the mesh", async () => {
    expect(await tryStraight(moveFrom(agentLinkedTo("b"), "mesh"))).toBeUndefined();
    expect(await findStraight(destination.ctx, moveId)).toBeUndefined();
  });

  test.each([
    ["there is no link between the hosts", agentLinkedTo("c"), destination],
    ["the destination has no link to the source", agentLinkedTo("b"), agentLinkedTo("c")],
    ["the address is not the destination's own", agentLinkedTo("b"), agentLinkedTo("a", { own: [] })],
  ])("give way to the mesh where %s", async (_, source, to) => {
    expect(await tryStraight(moveFrom(source, "auto", to))).toBeUndefined();
    expect(await findStraight(to.ctx, moveId)).toBeUndefined();
  });

  test("give way to the mesh where another program holds a port of the move", async () => {
    const { nbdPort } = takeMovePorts(moveId);
    const other = createServer((socket) => socket.end("hello"));
    await new Promise<void>((resolve) => other.listen({ host: address, port: nbdPort }, resolve));
    try {
      expect(await tryStraight(moveFrom(agentLinkedTo("b"), "auto"))).toBeUndefined();
      expect(await findStraight(destination.ctx, moveId)).toBeUndefined();
    } finally {
      await new Promise((resolve) => other.close(resolve));
    }
  });

  test("give way to the mesh where the destination is of the version before, or its ports do not answer", async () => {
    const move = moveFrom(agentLinkedTo("b"), "auto");
    const older = new LeeaError({ code: "PROTOCOL_INVALID", message: "no such verb" });
    const askPeer = () => Promise.reject(older);
    expect(await tryStraight({ ...move, agent: { ...move.agent, askPeer } as unknown as Agent })).toBeUndefined();
    const silent = () => Promise.resolve({ state: "answering", source: address, ports: [1, 2] });
    expect(
      await tryStraight({ ...move, agent: { ...move.agent, askPeer: silent } as unknown as Agent }),
    ).toBeUndefined();
  });

  test("that were not proven after all leave the ports to nobody", async () => {
    const move = moveFrom(agentLinkedTo("b"), "auto");
    expect(await tryStraight(move)).toBe(address);
    expect(await takeStraightAddress(destination, moveId, undefined)).toBeUndefined();
    expect(await findStraight(destination.ctx, moveId)).toBeUndefined();
  });
});
