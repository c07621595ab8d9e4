// The GPU partitions that a VM takes, by reference.

import type { ListField } from "../field";

/** The `gpus` list. */
export const gpusField: ListField = {
  type: "list",
  doc: "GPU partitions that it takes. Of those listed it uses the ones on the host that it is on, so that the ones on another host can be listed for a move. Its guest goes on running while they change, where its machine has a port free; else it restarts",
  default: [],
  maxItems: 64,
  uniqueBy: "id",
  change: "restart",
  items: {
    type: "object",
    name: "GpuReference",
    doc: "a GPU partition and the host that has it",
    fields: {
      id: {
        type: "string",
        doc: "the partition's id",
        maxLength: 26,
        pattern: "^[a-z2-7]{26}$",
        patternHint: "a GpuPartition's id",
      },
      node: {
        type: "string",
        doc: "id of the host that has it",
        isNodeId: true,
        maxLength: 80,
        pattern: "^[a-z0-9-]{10,80}$",
        patternHint: "a MeshNode's id",
      },
    },
  },
};
