// The hand-over of an address by hand, for the floor and the peer: plain `ip` calls in the mesh that leea has built.

import { openHost } from "../../../controller/host-session";
import { asText } from "../../../model/inputs/loose-values";
import { labExecArgv } from "../../lab/lab";
import { runCommand } from "../../lab/machine/run-command";
import { type Node, type World, wayTo } from "../rig/world";

const handOverTable = "201";
const announced = ["proto", "200"] as const;

/** From where an address leaves, to where, and the tap that waits there. */
export interface Flip {
  readonly from: Node;
  readonly to: Node;
  readonly address: string;
  readonly tap: string;
}

/** A VM's address that nobody has, in the range that the mesh routes. */
export function spareAddress(node: Node, last: number): string {
  const mesh = node.known.inputs["mesh"] as { vmRange?: string } | undefined;
  const [first = "10", second = "92"] = (mesh?.vmRange ?? "10.92.0.0/16").split(".");
  return `${first}.${second}.250.${last}`;
}

/** Lets a host announce the address. */
export function announce(world: World, { name }: Node, address: string, tap: string): Promise<void> {
  return ip(world, name, ["route", "replace", `${address}/32`, "dev", tap, ...announced]);
}

/** Takes the address away from a host. */
export async function withdraw(world: World, { name }: Node, address: string): Promise<void> {
  await ip(world, name, ["route", "delete", `${address}/32`, ...announced]).catch(() => undefined); // not there
}

/** Links by host's name and peer's id: the interface of each. */
export type Links = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** The route by which the source hands over: the link, or leea's tunnel where there is none. */
export function handOverRoute(links: Links, { from, to, address }: Flip): readonly string[] {
  const link = links.get(from.name)?.get(to.id);
  const [here, there] = [from, to].map((node) => asText(node.known.outputs["meshAddress"]) ?? "");
  const tunnel = ["encap", "ip", "id", "7", "src", here ?? "", "dst", there ?? "", "dev", "leeah0"];
  const way = link === undefined ? tunnel : ["via", there ?? "", "dev", link, "onlink"];
  return ["route", "replace", `${address}/32`, ...way, "table", handOverTable];
}

/** Hands over: the destination announces, the source sends on. */
export async function handOver(world: World, flip: Flip, route: readonly string[]): Promise<void> {
  await Promise.all([announce(world, flip.to, flip.address, flip.tap), ip(world, flip.from.name, route)]);
}

/** The end of a hand-over. */
export async function endHandOver(world: World, { from, address }: Flip): Promise<void> {
  const argv = ["route", "delete", `${address}/32`, "table", handOverTable];
  await ip(world, from.name, argv).catch(() => undefined); // not there
}

/**
 * leea's packet filter knows no guests but its own, and an agent puts it back within seconds: so the agents are stopped
 * (SIGSTOP) and the filter goes, before a foreign guest can be reached through the mesh. The mesh itself runs on.
 */
export async function quietHosts(world: World): Promise<Links> {
  const links = new Map<string, ReadonlyMap<string, string>>();
  for (const { name } of world.lab.hosts) {
    const session = await openHost(wayTo(world, name), { install: "never" });
    const node = await session.call("getNode", {});
    const { pid } = await session.call("getHealth", {});
    session.close();
    links.set(name, new Map(node.links.map(({ peerId, interfaceName }) => [peerId, interfaceName])));
    await runCommand(labExecArgv(world.lab, name, ["kill", "-STOP", String(pid)]));
    await runCommand(labExecArgv(world.lab, name, ["nft", "delete", "table", "inet", "leea"]));
  }
  return links;
}

async function ip(world: World, host: string, args: readonly string[]): Promise<void> {
  await runCommand(labExecArgv(world.lab, host, ["ip", ...args]));
}
