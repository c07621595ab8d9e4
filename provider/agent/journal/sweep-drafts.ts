// Half-written files that an agent left when it died: nobody reads them, and nobody else would take them away. One that
// stays would also stand in the way: after a boot pids come again, and a draft's name is of its writer's pid.

import type { AgentContext } from "../agent-context";

/** Names that `writeDurable` gives to a file before it is whole: PID and a count. */
const draftName = /\.[0-9]+\.[0-9]+\.tmp$/;
/** Names of images whose upload has not ended. */
const uploadName = /\.part$/;
const notOurs = ["images", "vm", "vm-log"];

/** Removes them. Only for the one agent of this host that has begun and does no work yet. */
export async function sweepDrafts(ctx: AgentContext): Promise<void> {
  const { system, paths } = ctx;
  for (const root of [paths.state, paths.run]) {
    const below = (await system.list(root)).filter((name) => !notOurs.includes(name)).map((name) => `${root}/${name}`);
    for (const folder of [root, ...below]) await removeNamed(ctx, folder, draftName); // a file has nothing in it
  }
  await removeNamed(ctx, `${paths.storage}/images`, uploadName);
}

async function removeNamed({ system, log }: AgentContext, folder: string, name: RegExp): Promise<void> {
  for (const entry of await system.list(folder)) {
    if (!name.test(entry)) continue;
    await system.remove(`${folder}/${entry}`);
    log.write("warn", "draft-removed", { path: `${folder}/${entry}` });
  }
}
