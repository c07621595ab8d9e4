// The source's side of straight streams: asks the destination to open the move's ports at its own address, and goes
// there itself. Whatever stands in the way, a firewall above all, is found out here, in bounded time, and the move takes
// the mesh. Nothing about it can fail a move.

import { connect } from "node:net";
import { rulesOfMigration } from "../../../model/move/migration-rules";
import { findPeerAddress } from "../../mesh/link/peer-address";
import { askDestination, type SourceMove } from "../source/source-move";

const askTimeoutMs = 10_000;
const connectTimeoutMs = 2_000;

/** The destination's address on which the streams are to go, proven just now; undefined: the mesh. */
export async function tryStraight(move: SourceMove): Promise<string | undefined> {
  if (rulesOfMigration(move.record.spec.migration).transport !== "auto") return undefined;
  const found = await proveWay(move);
  const way = "address" in found ? { way: "straight", address: found.address } : { way: "mesh", reason: found.reason };
  move.agent.ctx.log.write("info", "streams", { moveId: move.note.moveId, vm: move.record.vmId, ...way });
  const words = "address" in found ? `straight to ${found.address}` : `by the mesh: ${found.reason}`;
  move.work.report({ phase: "prepare", message: `its streams go ${words}` });
  return "address" in found ? found.address : undefined;
}

async function proveWay(move: SourceMove): Promise<{ address: string } | { reason: string }> {
  const { ctx } = move.agent;
  const { destination } = move.note;
  try {
    const address = await findPeerAddress(ctx, destination.nodeId);
    if (address === undefined) return { reason: `there is no link to ${destination.name}` };
    const nonce = Buffer.from(ctx.system.randomBytes(16)).toString("hex");
    const answer = await askDestination(move, "openStraight", { address, nonce }, askTimeoutMs);
    if (answer.state === "refused") return { reason: answer.reason };
    await Promise.all(answer.ports.map((port) => visit(address, port, nonce)));
    return { address };
  } catch (error) {
    // A destination of the version before has no such verb; a firewall has no words. The mesh serves both.
    return { reason: error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error) };
  }
}

/** Resolves when the port answers with the nonce, which no other program does. */
function visit(host: string, port: number, nonce: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    let heard = "";
    const fail = (why: string): void => {
      socket.destroy();
      reject(new Error(`${host}:${port} ${why}`));
    };
    const timer = setTimeout(() => fail(`does not answer within ${connectTimeoutMs / 1000} s`), connectTimeoutMs);
    socket.setEncoding("utf8").on("data", (text: string) => {
      heard += text;
      if (heard.length > nonce.length) fail("is another program's");
    });
    socket.on("error", (error) => fail(`cannot be reached (${error.message})`));
    socket.on("close", () => {
      clearTimeout(timer);
      if (heard === nonce) resolve();
      else fail("is another program's");
    });
  });
}
