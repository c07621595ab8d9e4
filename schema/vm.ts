// VM: a virtual machine. A changed `node` moves it live; its disk, address and connections inside the mesh stay.

import { connectionField } from "./connection";
import { logicalNameField, ownerField } from "./fields/declared-by";
import { gpusField } from "./fields/gpu";
import { migrationField } from "./fields/migration";
import { nicsField } from "./fields/nic";
import { namePattern, namePatternHint } from "./mesh-node";
import { defineResource } from "./resource";

const imagePath = {
  maxLength: 4096,
  pattern: "^[^\\u0000\\n\\r]+$",
  patternHint: "a path on the machine that runs the program",
} as const;

/** The VM resource. */
export const vm = defineResource({
  name: "VM",
  token: "vm",
  doc: "A virtual machine on a host. Changing `node` moves it live to the other host.",
  findBy: ["node", "name"],
  inputs: {
    owner: ownerField,
    logicalName: logicalNameField,
    name: {
      type: "string",
      doc: "name of the VM; absent means the resource's logical name",
      change: "none",
      pattern: namePattern,
      patternHint: namePatternHint,
      maxLength: 63,
    },
    node: {
      type: "string",
      doc: "id of the host that it is to run on",
      connectionIn: "nodeConnection",
      change: "migrate",
      maxLength: 80,
      pattern: "^[a-z0-9-]{10,80}$",
      patternHint: "a MeshNode's id",
    },
    nodeConnection: { ...connectionField, internal: true },
    vcpus: { type: "integer", doc: "virtual processors", minimum: 1, maximum: 512, change: "restart" },
    memory: {
      type: "quantity",
      quantity: "bytes",
      doc: "memory",
      minimum: "32MiB",
      maximum: "16TiB",
      change: "restart",
    },
    cpu: {
      type: "string",
      doc: "CPU model: `portable` (x86-64-v2, runs and moves everywhere) or `host` (every feature of this host, limits where it can move)",
      default: "portable",
      enum: ["portable", "host"],
      change: "restart",
    },
    boot: {
      type: "object",
      name: "KernelBoot",
      doc: "direct kernel boot; absent means that the first disk boots",
      optional: true,
      change: "restart",
      fields: {
        kernel: { type: "string", doc: "path of the kernel", ...imagePath },
        initrd: { type: "string", doc: "path of the initial RAM disk", optional: true, ...imagePath },
        cmdline: {
          type: "string",
          doc: "kernel command line",
          default: "",
          maxLength: 2000,
          pattern: "^[\\x20-\\x7e]*$",
          patternHint: "printable ASCII",
        },
      },
    },
    disks: {
      type: "list",
      doc: "disks, in the order in which the guest sees them",
      default: [],
      maxItems: 16,
      uniqueBy: "name",
      change: "restart",
      items: {
        type: "object",
        name: "Disk",
        doc: "a disk of the VM's own, kept on the host it runs on",
        fields: {
          name: {
            type: "string",
            doc: "name of the disk",
            pattern: namePattern,
            patternHint: namePatternHint,
            maxLength: 63,
          },
          size: {
            type: "quantity",
            quantity: "bytes",
            doc: "size; it may grow and never shrinks",
            minimum: "1MiB",
            maximum: "64TiB",
          },
          image: {
            type: "string",
            doc: "path of a raw or qcow2 image that fills the disk when it is created",
            optional: true,
            change: "create-only",
            ...imagePath,
          },
        },
      },
    },
    nics: nicsField,
    gpus: gpusField,
    migration: migrationField,
    restart: {
      type: "string",
      doc: "whether it starts again by itself: `never`, `on-failure` (after a crash, and when its host boots) or `always` (also after the guest has shut itself down)",
      default: "on-failure",
      enum: ["never", "on-failure", "always"],
      change: "none",
    },
    powerState: {
      type: "string",
      doc: "whether it runs",
      default: "running",
      enum: ["running", "stopped"],
      change: "none",
    },
    allowDataLoss: {
      type: "boolean",
      doc: "permit an update that drops a disk which holds data",
      default: false,
      change: "none",
    },
  },
  outputs: {
    vmId: { type: "string", doc: "id of the VM, the same wherever it runs", computed: true, changesWith: [] },
    address: { type: "string", doc: "IPv4 address in the mesh", computed: true, changesWith: ["nics"] },
    currentNode: { type: "string", doc: "id of the host that it runs on", computed: true },
    state: { type: "string", doc: "`running`, `stopped`, `crashed`, `moving` or `unreachable`", computed: true },
    gpusInMachine: {
      type: "list",
      doc: "ids of the GPU partitions that are in its machine; empty where it does not run",
      computed: true,
      items: { type: "string", doc: "a partition's id", computed: true },
    },
    accelerator: { type: "string", doc: "`kvm` or `tcg`", computed: true },
    isolation: { type: "string", doc: "`hardware`, or `emulated` under TCG, where QEMU promises none", computed: true },
    bootedAt: { type: "string", doc: "time of its last start, ISO 8601", computed: true },
    generation: { type: "integer", doc: "how often it has changed hosts, plus one", computed: true },
    incarnation: { type: "integer", doc: "how often it has been created or adopted", computed: true },
    contents: {
      type: "list",
      doc: "files of this machine that the VM was made from",
      computed: true,
      items: {
        type: "object",
        name: "FileContent",
        doc: "one file and what was in it",
        computed: true,
        fields: {
          field: { type: "string", doc: "where it was named", computed: true },
          sha256: { type: "string", doc: "SHA-256 of its bytes, hex", computed: true },
        },
      },
    },
    lastMigration: {
      type: "object",
      name: "LastMigration",
      doc: "the last move",
      computed: true,
      optional: true,
      fields: {
        mode: {
          type: "string",
          doc: "`live`, or `cold` where it did not run while it moved (shut down for it, or stopped already)",
          computed: true,
        },
        from: { type: "string", doc: "node id", computed: true },
        to: { type: "string", doc: "node id", computed: true },
        totalMs: { type: "number", doc: "whole move in `ms`", computed: true },
        downtimeMs: {
          type: "number",
          doc: "guest outage in `ms`. Live: QEMU's downtime, and from its end to the start on the other host. Cold: from the order to shut down to QEMU's start on the other host; 0 where it was stopped",
          computed: true,
        },
        ramBytes: { type: "integer", doc: "memory sent in `bytes`", computed: true },
        diskBytes: {
          type: "integer",
          doc: "disk copied in `bytes`, with its holes, which are named and not sent",
          computed: true,
        },
        passes: { type: "integer", doc: "passes over the memory; 0 after a cold move", computed: true },
      },
    },
  },
});
