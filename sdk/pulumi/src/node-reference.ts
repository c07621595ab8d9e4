// A host as an input of another resource: its id and the way to it. The way is the declared one, never an output: an
// output would make every VM's preview unknown whenever something about its host changes.

import type * as pulumi from "@pulumi/pulumi";
import type { ConnectionArgs, NodeLike } from "./generated/args";

const declaredConnections = new WeakMap<object, pulumi.Input<ConnectionArgs>>();

/** Remembers the connection that a MeshNode was declared with. */
export function rememberConnection(node: object, connection: pulumi.Input<ConnectionArgs>): void {
  declaredConnections.set(node, connection);
}

/** Id and connection of a MeshNode, or of a plain {id, connection}. Nothing where a program without types gives nothing. */
export function referTo(node: NodeLike | undefined): Partial<NodeLike> {
  if (node === undefined) return {};
  return { id: node.id, connection: declaredConnections.get(node) ?? node.connection };
}
