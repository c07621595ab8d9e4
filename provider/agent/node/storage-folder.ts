// The folder that disks and images are in: taken when the host becomes a node, given back when it leaves. What a user keeps
// there is never taken over, and so never removed.

import { LeeaError } from "../../model/errors";
import type { Agent } from "../agent";
import { defaultStoragePath } from "../host-paths";
import { readNodeSettings, saveNodeSettings } from "./node-settings";

const ownFolders = ["images", "vm"] as const;

/** Changes nothing. Error: CONFLICT where the folder would be taken and holds something of somebody else's. */
export async function checkStorage(agent: Agent, wanted: string): Promise<void> {
  if (!(await isNew(agent, wanted))) return;
  const { stdout } = await agent.ctx.system.run(["realpath", "--canonicalize-missing", "--", wanted]);
  const real = stdout.trimEnd();
  if (real !== wanted.replace(/\/$/, "")) throw linkError(wanted, real);
  const foreign: string[] = [];
  for (const folder of ownFolders)
    if ((await agent.ctx.system.list(`${wanted}/${folder}`)).length > 0) foreign.push(folder);
  if (foreign.length > 0) throw foreignError(wanted, foreign);
}

/** Takes the folder at the first call; later ones keep the first. */
export async function takeStorage(agent: Agent, wanted: string): Promise<void> {
  if (!(await isNew(agent, wanted))) return;
  const { system, paths } = agent.ctx;
  const madeStorage = !(await system.exists(wanted));
  await saveNodeSettings(system, { storagePath: wanted, madeStorage });
  await system.makeFolder(wanted, 0o711);
  paths.storage = wanted;
}

/** Removes what is ours, and the folder itself where it was made for us and nothing else came into it. */
export async function leaveStorage(agent: Agent): Promise<void> {
  const { system, paths } = agent.ctx;
  const { madeStorage = false } = await readNodeSettings(system);
  for (const folder of ownFolders) await system.remove(`${paths.storage}/${folder}`);
  if (paths.storage === defaultStoragePath || !madeStorage || (await system.list(paths.storage)).length > 0) return;
  await system.remove(paths.storage);
}

async function isNew(agent: Agent, wanted: string): Promise<boolean> {
  const { owner, storagePath } = await readNodeSettings(agent.ctx.system);
  return owner === undefined && wanted !== storagePath;
}

/** What a link leads to can change after it was checked. */
function linkError(path: string, real: string): LeeaError {
  return new LeeaError({
    code: "CONFLICT",
    message: `storagePath: ${path} leads to ${real} on the host`,
    hint: `Declare storagePath as "${real}" if that is the folder that you mean; nothing was changed.`,
    details: { field: "storagePath", path, real },
  });
}

function foreignError(path: string, folders: readonly string[]): LeeaError {
  return new LeeaError({
    code: "CONFLICT",
    message: `storagePath: ${folders.map((folder) => `${path}/${folder}`).join(" and ")} on the host hold something that leea did not make`,
    hint: "Declare a folder of its own for leea as storagePath, and run again; nothing was changed.",
    details: { field: "storagePath", path },
  });
}
