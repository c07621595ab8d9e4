// The paths that a move's streams can take between the hosts of the lab.

import type { Values } from "../../../controller/handlers/handler-context";
import { asText } from "../../../model/inputs/loose-values";
import { hostOf, type Node, type World } from "../rig/world";

const straight = { migration: { transport: "auto" } };

/** A path. `fields`: what a VM declares so that leea takes it. */
export interface MovePath {
  readonly name: string;
  readonly addressOf: (host: string) => string;
  readonly fields: Values;
}

/** Through the mesh: WireGuard between the hosts. */
export function meshPath(_world: World, nodes: readonly Node[]): MovePath {
  const addresses = new Map(nodes.map(({ name, known }) => [name, asText(known.outputs["meshAddress"]) ?? ""]));
  return { name: "mesh", addressOf: (host) => addresses.get(host) ?? "", fields: {} };
}

/** Straight between the hosts' own addresses: a veth pair and a bridge. */
export function plainPath(world: World, _nodes: readonly Node[]): MovePath {
  return { name: "plain veth", addressOf: (host) => hostOf(world, host).address, fields: straight };
}
