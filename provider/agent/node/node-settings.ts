// What this host was told when it became a node: who declared it, its storage path, what set-up installed. Durable.

import { defaultStoragePath } from "../host-paths";
import type { System } from "../system/system";

/** Settings of this host. */
export interface NodeSettings {
  readonly owner?: string;
  readonly name?: string;
  readonly storagePath: string;
  /** True where that folder was made for us. */
  readonly madeStorage?: boolean;
  readonly installedBySetup: readonly string[];
}

const path = "/var/lib/leea/node.json";

/** The settings; defaults before there are any. */
export async function readNodeSettings(system: System): Promise<NodeSettings> {
  const text = await system.readText(path);
  return text === undefined
    ? { storagePath: defaultStoragePath, installedBySetup: [] }
    : (JSON.parse(text) as NodeSettings);
}

/** Changes some of them. */
export async function saveNodeSettings(system: System, change: Partial<NodeSettings>): Promise<void> {
  const settings = { ...(await readNodeSettings(system)), ...change };
  await system.writeDurable(path, `${JSON.stringify(settings)}\n`);
}

/** Forgets that the host was a node; what set-up installed stays known, as it stays installed. */
export async function forgetNode(system: System): Promise<void> {
  const { installedBySetup } = await readNodeSettings(system);
  const left: NodeSettings = { storagePath: defaultStoragePath, installedBySetup };
  await system.writeDurable(path, `${JSON.stringify(left)}\n`);
}
