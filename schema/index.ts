// The only registry of resources: every emitter and both front doors read it.

import { gpuPartition } from "./gpu-partition";
import { meshNode } from "./mesh-node";
import type { ResourceDefinition } from "./resource";
import { vm } from "./vm";

/** Every resource, in the order in which documents show them. */
export const resources: readonly ResourceDefinition[] = [meshNode, gpuPartition, vm];
