// The points of a host's joining and leaving, by files of the host that come or go. Looked at every few milliseconds, so a
// point is told when it has come or shortly after.

import { existsSync, readdirSync } from "node:fs";
import type { World } from "../../e2e/world/world";

/** Points of a join, in order: folder of the agent, its bundle, the switch to it, its socket, its keys, membership, settings. */
export const joinPoints = ["folder", "bundle", "switched", "socket", "keys", "member", "settings"] as const;

/** Points of a leave, in order: no member any more, no socket, no bundle. */
export const leavePoints = ["left", "stopped", "removed"] as const;

/** A point of either. */
export type HostPoint = (typeof joinPoints)[number] | (typeof leavePoints)[number];

const lookMs = 3;

type Look = (root: string) => boolean;

const looks: Readonly<Record<HostPoint, Look>> = {
  folder: (root) => existsSync(`${root}/opt/leea`),
  bundle: (root) => listFolder(`${root}/opt/leea`).some((name) => existsSync(`${root}/opt/leea/${name}/agent.cjs`)),
  switched: (root) => listFolder(`${root}/opt/leea`).includes("current"),
  socket: (root) => existsSync(`${root}/run/leea/agent.sock`),
  keys: (root) => existsSync(`${root}/var/lib/leea/keys/identity.pem`),
  member: (root) => existsSync(`${root}/var/lib/leea/mesh.json`),
  settings: (root) => existsSync(`${root}/var/lib/leea/node.json`),
  left: (root) => !existsSync(`${root}/var/lib/leea/mesh.json`),
  stopped: (root) => !existsSync(`${root}/run/leea/agent.sock`),
  removed: (root) => !existsSync(`${root}/opt/leea`),
};

/** Calls back once, when the host has come to the point; gives the way to stop looking. */
export function atHostPoint(
  { world, host, point }: { readonly world: World; readonly host: string; readonly point: HostPoint },
  onPoint: () => void,
): () => void {
  const pid = world.lab.hosts.find(({ name }) => name === host)?.pid;
  const timer = setInterval(() => {
    if (!looks[point](`/proc/${pid}/root`)) return;
    clearInterval(timer);
    onPoint();
  }, lookMs);
  return () => clearInterval(timer);
}

function listFolder(path: string): readonly string[] {
  return existsSync(path) ? readdirSync(path) : [];
}
