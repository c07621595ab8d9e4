// The permanent stub of a resource type, loaded as the plain file that it is: bundled or transpiled, its text would
// change, and with it every stack's state.

import { createRequire } from "node:module";
import type * as pulumi from "@pulumi/pulumi";

const loaded = new Map<string, pulumi.dynamic.ResourceProvider>();

/** The stub for one type; one object a type, because Pulumi serializes each object once. */
export function loadForwarder(type: "MeshNode" | "GpuPartition" | "VM"): pulumi.dynamic.ResourceProvider {
  const known = loaded.get(type);
  if (known !== undefined) return known;
  const makeForwarder = createRequire(__filename)("../forwarder.js") as (
    type: string,
  ) => pulumi.dynamic.ResourceProvider;
  const forwarder = makeForwarder(type);
  loaded.set(type, forwarder);
  return forwarder;
}
