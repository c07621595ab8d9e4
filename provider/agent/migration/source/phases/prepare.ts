// Phase `prepare`: the destination makes disks, network and a waiting QEMU; both sides get the same capabilities,
// parameters and a key made for this move alone. The key reaches QEMU by a file that its user alone can read.

import type { PrepareMoveResponse } from "../../../../protocol/peer";
import { endIfCancelled } from "../../poll-until";
import { tryStraight } from "../../straight/try-straight";
import {
  sourceCapabilities,
  throttleBeforeDeadline,
  tlsPriority,
  unlimitedBytesPerSecond,
} from "../../stream-settings";
import { removeMoveKey, writeMoveKey } from "../../write-move-key";
import { askDestination, rulesOfMove, type SourceMove, sourceQmp } from "../source-move";

const prepareTimeoutMs = 120_000;

/** Makes the destination ready, then the source; gives where the destination listens. */
export async function prepareBoth(move: SourceMove): Promise<PrepareMoveResponse> {
  move.work.report({
    phase: "prepare",
    message: `${move.note.destination.name} makes disks, network and a waiting QEMU`,
  });
  const psk = Buffer.from(move.agent.ctx.system.randomBytes(32)).toString("hex");
  const isCold = move.note.mode === "cold";
  const straightAddress = await tryStraight(move);
  const body = {
    record: move.record,
    psk,
    multifdChannels: 2,
    ...(isCold ? ({ mode: "cold" } as const) : {}),
    ...(move.note.gpus === undefined ? {} : { gpus: move.note.gpus }),
    ...(straightAddress === undefined ? {} : { straightAddress }),
  };
  const asked = askDestination(move, "prepareMove", body, prepareTimeoutMs);
  const listener = await endIfCancelled(move.work.signal, asked);
  await giveClientKey(move, psk);
  if (!isCold) await setStream(move);
  return listener;
}

async function giveClientKey(move: SourceMove, psk: string): Promise<void> {
  const { ctx } = move.agent;
  const qmp = sourceQmp(move);
  try {
    const folder = await writeMoveKey(ctx, move.record, "client", psk);
    await qmp.execute("object-add", {
      "qom-type": "tls-creds-psk",
      id: "leea-client",
      dir: folder,
      endpoint: "client",
      username: "mig",
      priority: tlsPriority,
    });
  } finally {
    await removeMoveKey(ctx, move.record.vmId, "client"); // QEMU reads the client's key at object-add and never again
  }
}

async function setStream(move: SourceMove): Promise<void> {
  const qmp = sourceQmp(move);
  const { onDeadline, downtimeLimitMs, maxBandwidthBytesPerSecond = unlimitedBytesPerSecond } = rulesOfMove(move);
  await qmp.execute("migrate-set-capabilities", { capabilities: sourceCapabilities(onDeadline) });
  await qmp.execute("migrate-set-parameters", {
    "max-bandwidth": maxBandwidthBytesPerSecond,
    "downtime-limit": downtimeLimitMs,
    "multifd-channels": 2,
    "tls-creds": "leea-client",
    ...(onDeadline === "auto-converge" ? throttleBeforeDeadline : {}),
  });
}

/** Takes the move's key out of the source's QEMU; without this, no later move could give it one. */
export async function dropStreamKey(move: Pick<SourceMove, "machine">): Promise<void> {
  await sourceQmp(move).execute("migrate-set-parameters", { "tls-creds": "" });
  await sourceQmp(move).execute("object-del", { id: "leea-client" });
}
