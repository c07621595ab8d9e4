// Two agents speak over real TLS on loopback addresses; each is known by its key alone.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect } from "node:tls";
import type { AgentContext } from "../../../provider/agent/agent-context";
import { silentLog } from "../../../provider/agent/log";
import { readIdentity } from "../../../provider/agent/mesh/identity";
import { callPeer } from "../../../provider/agent/peer/call-peer";
import { type PeerDispatch, type PeerServer, startPeerServer } from "../../../provider/agent/peer/peer-server";
import { closePeerConnections } from "../../../provider/agent/peer/pinned-connections";
import { linuxSystem } from "../../../provider/agent/system/linux-system";
import { LeeaError } from "../../../provider/model/errors";
import type { NodeDescriptor } from "../../../provider/protocol/node";
import { peerPort } from "../../../provider/protocol/peer";

interface Node {
  readonly ctx: AgentContext;
  readonly descriptor: NodeDescriptor;
}

const moveId = "5d0f4f0e-move";
let folder: string;
let caller: Node;
let callee: Node;
let server: PeerServer;
let dispatch: PeerDispatch;

async function makeNode(name: string, meshAddress: string): Promise<Node> {
  const state = `${folder}/${name}`;
  const paths = { state, storage: state, run: `${state}/run`, vmRun: `${state}/vm-run`, socket: `${state}/agent.sock` };
  const ctx = { system: { ...linuxSystem }, paths, log: silentLog };
  await ctx.system.writeDurable(`${state}/mesh.json`, JSON.stringify({ version: 1, meshAddress }));
  const identity = await readIdentity(ctx);
  const rest = { wireguardPublicKey: "", meshAddress, meshAddress6: "", endpointAddress: "" };
  return { ctx, descriptor: { ...identity, name, ...rest } };
}

beforeAll(async () => {
  folder = mkdtempSync("/tmp/leea-peer-");
  [caller, callee] = await Promise.all([makeNode("caller", "127.77.0.2"), makeNode("callee", "127.77.0.3")]);
  server = await startPeerServer(callee.ctx, (request) => dispatch(request));
}, 30_000);

afterAll(async () => {
  closePeerConnections(caller.ctx);
  await server.close();
  rmSync(folder, { recursive: true });
});

const grantBody = { generation: 3 };

test("the receiver learns verb, parameters, body and the caller's proven fingerprint", async () => {
  let seen: unknown;
  dispatch = async (request) => {
    seen = request;
    return { state: "running", resumedAfterMs: 3 };
  };
  const call = { params: { moveId }, body: grantBody };
  const answer = await callPeer(caller.ctx, callee.descriptor, "grantMove", call);
  expect(answer).toEqual({ state: "running", resumedAfterMs: 3 });
  const callerFingerprint = caller.descriptor.fingerprint;
  expect(seen).toEqual({ verb: "grantMove", params: { moveId }, body: grantBody, callerFingerprint });
});

test("a second call uses the same connection", async () => {
  dispatch = async () => ({ state: "expected" });
  const call = { params: { moveId }, body: undefined };
  for (let count = 0; count < 20; count += 1) await callPeer(caller.ctx, callee.descriptor, "readMove", call);
  expect(countConnections(callee.descriptor.meshAddress)).toBe(1);
});

/** Established TCP connections that the peer server of an address has accepted (proc(5), /proc/net/tcp: state 01). */
function countConnections(address: string): number {
  const local = `${Buffer.from(address.split(".").map(Number)).reverse().toString("hex").toUpperCase()}:${peerPort.toString(16).toUpperCase().padStart(4, "0")}`;
  const rows = readFileSync("/proc/net/tcp", "utf8").split("\n");
  return rows.filter((row) => row.trim().split(/\s+/)[1] === local && row.trim().split(/\s+/)[3] === "01").length;
}

test("an error that the peer throws arrives with its code and hint", async () => {
  dispatch = async () => {
    throw new LeeaError({ code: "PEER_REFUSED", message: "no such move is expected", hint: "ask first" });
  };
  const call = callPeer(caller.ctx, callee.descriptor, "readMove", { params: { moveId }, body: undefined });
  await expect(call).rejects.toMatchObject({
    code: "PEER_REFUSED",
    message: "no such move is expected",
    hint: "ask first",
  });
});

test("a node with another key at the address gets nothing of the request", async () => {
  let isReached = false;
  dispatch = async () => {
    isReached = true;
    return {};
  };
  const imposter = { ...callee.descriptor, fingerprint: caller.descriptor.fingerprint };
  const call = callPeer(caller.ctx, imposter, "readMove", { params: { moveId }, body: undefined });
  await expect(call).rejects.toMatchObject({ code: "IDENTITY_CHANGED" });
  expect(isReached).toBe(false);
});

test("a caller without a certificate is refused, and TLS 1.2 is not spoken", async () => {
  const answer = await new Promise<string>((resolve, reject) => {
    const socket = connect({ host: "127.77.0.3", port: peerPort, rejectUnauthorized: false }, () => {
      socket.write(`GET /p1/moves/${moveId} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    });
    let text = "";
    socket.on("data", (chunk) => (text += String(chunk)));
    socket.on("error", reject);
    socket.on("close", () => resolve(text));
  });
  expect(answer).toContain("403");
  expect(answer).toContain("PEER_REFUSED");
  const old = new Promise((resolve, reject) => {
    const socket = connect(
      { host: "127.77.0.3", port: peerPort, rejectUnauthorized: false, maxVersion: "TLSv1.2" },
      () => {
        socket.destroy();
        resolve("connected");
      },
    );
    socket.on("error", reject);
  });
  await expect(old).rejects.toThrow(/protocol/i);
});

test("a call that the peer sits on ends at its deadline, and one to nobody at once", async () => {
  dispatch = () => new Promise(() => undefined);
  const call = { params: { moveId }, body: undefined };
  await expect(callPeer(caller.ctx, callee.descriptor, "readMove", { ...call, timeoutMs: 200 })).rejects.toMatchObject({
    code: "TIMED_OUT",
  });
  const nobody = { ...callee.descriptor, meshAddress: "127.77.0.9" };
  await expect(callPeer(caller.ctx, nobody, "readMove", call)).rejects.toMatchObject({ code: "HOST_UNREACHABLE" });
});

test("a connection that the peer closed while it lay idle is replaced without an error", async () => {
  dispatch = async () => ({ state: "expected" });
  const call = { params: { moveId }, body: undefined };
  await callPeer(caller.ctx, callee.descriptor, "readMove", call);
  await server.close();
  server = await startPeerServer(callee.ctx, (request) => dispatch(request));
  await expect(callPeer(caller.ctx, callee.descriptor, "readMove", call)).resolves.toEqual({ state: "expected" });
});

test("a body over 1 MiB is refused", async () => {
  dispatch = async () => ({});
  const body = { psk: "x".repeat(1024 * 1024 + 1) } as never;
  const call = callPeer(caller.ctx, callee.descriptor, "prepareMove", { params: { moveId }, body });
  await expect(call).rejects.toMatchObject({ code: "BODY_TOO_LARGE" });
});
