// The ownership records of this host, one durable file a VM. A record is synced before the act that it announces;
// nothing else in the agent writes these files.

import { LeeaError } from "../../../model/errors";
import type { VmRecord } from "../../../model/ownership";
import type { AgentContext } from "../../agent-context";
import { dropKnown, noteKnown } from "./known-since-boot";

/** All records of this host, in memory and on disk. */
export interface VmRecords {
  get(vmId: string): VmRecord | undefined;
  all(): readonly VmRecord[];
  /** Syncs the record to disk, then takes it as true. */
  save(record: VmRecord): Promise<VmRecord>;
  /** Forgets a VM for good. */
  drop(vmId: string): Promise<void>;
}

/** Reads every record. A damaged file is an error: a host that cannot tell what it owns must not run anything. */
export async function loadVmRecords(ctx: AgentContext): Promise<VmRecords> {
  const folder = `${ctx.paths.state}/records`;
  const records = new Map<string, VmRecord>();
  for (const file of await ctx.system.list(folder)) {
    if (!file.endsWith(".json")) continue;
    const record = parseRecord(`${folder}/${file}`, (await ctx.system.readText(`${folder}/${file}`)) ?? "");
    records.set(record.vmId, record);
  }
  return {
    get: (vmId) => records.get(vmId),
    all: () => [...records.values()],
    async save(record) {
      await ctx.system.writeDurable(`${folder}/${record.vmId}.json`, `${JSON.stringify(record)}\n`);
      const before = records.get(record.vmId);
      records.set(record.vmId, record);
      // Made, granted or taken back now: the host knows it since this boot. Given away: no earlier copy may claim it.
      if (record.role !== "owner") await dropKnown(ctx, record.vmId);
      else if (before?.role !== "owner" || before.generation !== record.generation)
        void noteKnown(ctx, record).catch((error: unknown) =>
          ctx.log.write("warn", "known-not-noted", { vm: record.vmId, error: String(error) }),
        ); // not waited for: it is only that the others are asked once more
      return record;
    },
    async drop(vmId) {
      await ctx.system.remove(`${folder}/${vmId}.json`);
      records.delete(vmId);
    },
  };
}

function parseRecord(path: string, text: string): VmRecord {
  try {
    return JSON.parse(text) as VmRecord;
  } catch (cause) {
    throw new LeeaError({
      code: "INTERNAL",
      message: `the record ${path} is damaged`,
      hint: "Restore it from a backup of the host; until then the agent starts no VM.",
      cause,
    });
  }
}
