// leea for Pulumi programs.

export type * from "./generated/args";
export type * from "./generated/types";
export { GpuPartition } from "./gpu-partition";
export { MeshNode } from "./mesh-node";
export { VM } from "./vm";
