// Phase `prepare`: the destination makes disks, network and a waiting QEMU; both sides get the same capabilities,
// parameters and a key made for this move alone. The key reaches QEMU by a file that its user alone can read.

import { vmRunFolder } from "../../../host-paths";
import type { PrepareMoveResponse } from "../../../../protocol/peer";
import { migrationCapabilities, tlsPriority, unlimitedBytesPerSecond } from "../../stream-settings";
import { askDestination, type SourceMove, sourceQmp } from "../source-move";

const prepareTimeoutMs = 120_000;

/** Makes the destination ready, then the source; gives where the destination listens. */
export async function prepareBoth(move: SourceMove): Promise<PrepareMoveResponse> {
  move.work.report({
    phase: "prepare",
    message: `${move.note.destination.name} makes disks, network and a waiting QEMU`,
  });
  const psk = Buffer.from(move.agent.ctx.system.randomBytes(32)).toString("hex");
  const listener = await askDestination(
    move,
    "prepareMove",
    { record: move.record, psk, multifdChannels: 2 },
    prepareTimeoutMs,
  );
  await prepareSource(move, psk);
  return listener;
}

async function prepareSource(move: SourceMove, psk: string): Promise<void> {
  const { system, paths } = move.agent.ctx;
  const qmp = sourceQmp(move);
  const folder = `${vmRunFolder(paths, move.record.vmId)}/tls-client`;
  await system.makeFolder(folder, 0o700);
  await system.setOwner(folder, move.record.uid, move.record.uid);
  try {
    await system.writeText(`${folder}/keys.psk`, `mig:${psk}\n`, 0o600);
    await system.setOwner(`${folder}/keys.psk`, move.record.uid, move.record.uid);
    await qmp.execute("object-add", {
      "qom-type": "tls-creds-psk",
      id: "leea-client",
      dir: folder,
      endpoint: "client",
      username: "mig",
      priority: tlsPriority,
    });
  } finally {
    await system.remove(folder); // QEMU has read the client's key by now (facts: at object-add)
  }
  await qmp.execute("migrate-set-capabilities", { capabilities: migrationCapabilities("source") });
  await qmp.execute("migrate-set-parameters", {
    "max-bandwidth": move.record.spec.migration.maxBandwidthBytesPerSecond ?? unlimitedBytesPerSecond,
    "downtime-limit": move.record.spec.migration.downtimeLimitMs,
    "multifd-channels": 2,
    "tls-creds": "leea-client",
  });
}
