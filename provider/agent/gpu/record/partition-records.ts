// The records of this host's GPU partitions, one durable file each. A record is synced before the act that it announces;
// nothing else in the agent writes these files.

import { LeeaError } from "../../../model/errors";
import type { PartitionRecord } from "../../../model/gpu/partition-record";
import type { AgentContext } from "../../agent-context";

/** All partition records of this host, in memory and on disk. */
export interface PartitionRecords {
  get(partitionId: string): PartitionRecord | undefined;
  all(): readonly PartitionRecord[];
  /** Syncs the record to disk, then takes it as true. */
  save(record: PartitionRecord): Promise<PartitionRecord>;
}

/** Reads every record. A damaged file is an error: a host that cannot tell whose a device is must give none away. */
export async function loadPartitionRecords(ctx: AgentContext): Promise<PartitionRecords> {
  const folder = `${ctx.paths.state}/gpu-partitions`;
  const records = new Map<string, PartitionRecord>();
  for (const file of await ctx.system.list(folder)) {
    if (!file.endsWith(".json")) continue;
    const record = parseRecord(`${folder}/${file}`, (await ctx.system.readText(`${folder}/${file}`)) ?? "");
    records.set(record.partitionId, record);
  }
  return {
    get: (partitionId) => records.get(partitionId),
    all: () => [...records.values()],
    async save(record) {
      await ctx.system.writeDurable(`${folder}/${record.partitionId}.json`, `${JSON.stringify(record)}\n`);
      records.set(record.partitionId, record);
      return record;
    },
  };
}

function parseRecord(path: string, text: string): PartitionRecord {
  try {
    return JSON.parse(text) as PartitionRecord;
  } catch (cause) {
    throw new LeeaError({
      code: "INTERNAL",
      message: `the record ${path} is damaged`,
      hint: "Restore it from a backup of the host; until then the agent hands out no GPU.",
      cause,
    });
  }
}
