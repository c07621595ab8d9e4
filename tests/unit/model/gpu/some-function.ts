// PCI functions and partition records that the tests of the GPU rules use.

import type { PartitionRecord } from "../../../../provider/model/gpu/partition-record";
import type { PciFunction } from "../../../../provider/model/gpu/pci/pci-function";

/** A display card in a group of its own, changed as asked. */
export function someFunction(change: Partial<PciFunction> = {}): PciFunction {
  return {
    address: "0000:02:00.0",
    vendorId: "1234",
    deviceId: "1111",
    classCode: "038000",
    iommuGroup: "12",
    totalVfs: 0,
    virtualFunctions: [],
    bars: { own: [], virtual: [] },
    isBootDisplay: false,
    ...change,
  };
}

/** A whole card that is ready, changed as asked. */
export function somePartition(change: Partial<PartitionRecord> = {}): PartitionRecord {
  return {
    partitionId: "p".repeat(26),
    owner: "acme/shop/prod",
    logicalName: "g",
    incarnation: 1,
    phase: "ready",
    spec: { name: "g", mode: "passthrough", address: "0000:02:00.0" },
    place: { mode: "passthrough", device: "0000:02:00.0", vendorId: "1234", deviceId: "1111" },
    functions: [{ address: "0000:02:00.0", vendorId: "1234", deviceId: "1111" }],
    operationId: "put-000001",
    ...change,
  };
}
