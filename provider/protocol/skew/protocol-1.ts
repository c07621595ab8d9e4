// Bodies as agents of protocol 1 know them; they refuse every field that is not here. Never changes again.

import { fieldsNamed, type KnownBodies, type KnownFields } from "./known-fields";

const node = fieldsNamed(
  "nodeId fingerprint publicKey name wireguardPublicKey meshAddress meshAddress6 endpointAddress",
);
const ingress = { each: fieldsNamed("from protocol firstPort lastPort") };
const spec = fieldsNamed("name vcpus memoryBytes cpu powerState", {
  boot: fieldsNamed("kernel initrd cmdline"),
  disks: { each: fieldsNamed("name sizeBytes image") },
  nics: { each: fieldsNamed("kind address bridge vlan", { ingress }) },
  migration: fieldsNamed("downtimeLimitMs maxBandwidthBytesPerSecond"),
});
/** A move in another way than live is one that protocol 1 has no figures for. */
const figures = fieldsNamed("from to totalMs downtimeMs ramBytes diskBytes passes", { mode: { oneOf: ["live"] } });
const record: KnownFields = fieldsNamed(
  "vmId owner logicalName role generation incarnation uid operationId wantsToRun bootedAtMs moveId",
  {
    spec,
    launched: spec,
    pins: fieldsNamed("machine cpuModel macs address accelerator"),
    qemu: fieldsNamed("pid startTicks"),
    movedTo: fieldsNamed("nodeId generation connection"),
    lastMigration: figures,
  },
);
const put = fieldsNamed("operationId owner logicalName creating allowDataLoss confirmedGoneFrom", { spec });

/** Protocol 1. */
export const protocol1: KnownBodies = {
  setUpNode: fieldsNamed("operationId"),
  leaveNode: fieldsNamed("operationId"),
  checkMesh: fieldsNamed("nodeRange vmRange portBase portCount"),
  putMesh: fieldsNamed("owner name storagePath endpoint found admission"),
  vouch: fieldsNamed("candidate"),
  putLink: fieldsNamed("voucher peerPort", { peer: node }),
  checkVm: put,
  putVm: put,
  deleteVm: fieldsNamed("operationId owner incarnation"),
  checkMove: fieldsNamed("vmId vcpus memoryBytes diskBytes machine cpuModel accelerator qemuVersion bridges meshId"),
  expectMove: fieldsNamed("moveId vmId", { source: node }),
  moveVm: fieldsNamed("operationId owner destinationConnection", { destination: node }),
  prepareMove: fieldsNamed("psk multifdChannels", { record }),
  grantMove: fieldsNamed("generation"),
  finishMove: { fields: { figures } },
};
