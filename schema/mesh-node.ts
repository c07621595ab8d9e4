// MeshNode: a host. Nothing in its diff ever replaces it; only its fingerprint identifies it.

import { connectionField } from "./connection";
import { ownerField } from "./fields/declared-by";
import { defineResource } from "./resource";

/** A name that is safe as a host name, an interface label and a file name. */
export const namePattern = "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$";
/** The same in words. */
export const namePatternHint = "1 to 63 of a-z, 0-9 and '-', not at either end";

/** The MeshNode resource. */
export const meshNode = defineResource({
  name: "MeshNode",
  token: "mesh_node",
  doc: "A host. Creating it installs the agent, makes the host's keys on the host, and joins it to the mesh; deleting it removes every trace.",
  findBy: ["connection"],
  inputs: {
    owner: ownerField,
    name: {
      type: "string",
      doc: "name of the host in the mesh; absent means the resource's logical name",
      change: "none",
      pattern: namePattern,
      patternHint: namePatternHint,
      maxLength: 63,
    },
    connection: connectionField,
    mesh: {
      type: "object",
      name: "Mesh",
      doc: "the mesh that the host belongs to; the first host fixes everything but the name",
      change: "none",
      fields: {
        name: {
          type: "string",
          doc: "name of the mesh",
          pattern: namePattern,
          patternHint: namePatternHint,
          maxLength: 63,
        },
        nodeRange: {
          type: "string",
          doc: "IPv4 range of the hosts' mesh addresses",
          default: "10.91.0.0/16",
          pattern: "^[0-9.]+/[0-9]+$",
          patternHint: "an IPv4 range such as 10.91.0.0/16",
          maxLength: 18,
        },
        vmRange: {
          type: "string",
          doc: "IPv4 range of the VMs' addresses",
          default: "10.92.0.0/16",
          pattern: "^[0-9.]+/[0-9]+$",
          patternHint: "an IPv4 range such as 10.92.0.0/16",
          maxLength: 18,
        },
        mtu: {
          type: "integer",
          doc: "MTU of every link and of every VM's mesh NIC, in bytes",
          default: 1420,
          minimum: 1280,
          maximum: 8920,
        },
      },
    },
    peers: {
      type: "list",
      doc: "hosts that are already in the mesh and that this one links to; none for the first",
      change: "none",
      default: [],
      maxItems: 20,
      uniqueBy: "id",
      items: {
        type: "object",
        name: "NodeReference",
        doc: "a host that is already in the mesh",
        fields: {
          id: {
            type: "string",
            doc: "the host's node id",
            maxLength: 80,
            pattern: "^[a-z0-9-]{10,80}$",
            patternHint: "a MeshNode's id",
          },
          connection: connectionField,
        },
      },
    },
    endpoint: {
      type: "object",
      name: "Endpoint",
      doc: "where other hosts reach this one's links",
      optional: true,
      change: "none",
      fields: {
        address: {
          type: "string",
          doc: "address or name; absent means the connection's host",
          optional: true,
          maxLength: 255,
        },
        portBase: {
          type: "integer",
          doc: "first UDP port of the links",
          default: 51820,
          minimum: 1024,
          maximum: 65000,
        },
        portCount: { type: "integer", doc: "number of UDP ports", default: 64, minimum: 1, maximum: 512 },
      },
    },
    setup: {
      type: "boolean",
      doc: "install missing packages with the host's package manager",
      default: true,
      change: "none",
    },
    storagePath: {
      type: "string",
      doc: "folder on the host for disks and images",
      default: "/var/lib/leea",
      change: "create-only",
      maxLength: 200,
      pattern: "^(/[A-Za-z0-9_-][A-Za-z0-9._-]*)+/?$",
      patternHint: "an absolute path of letters, digits, '.', '_', '-', with no part that begins with a dot",
    },
  },
  outputs: {
    fingerprint: { type: "string", doc: "SHA-256 of the host's identity key, base32", computed: true, changesWith: [] },
    wireguardPublicKey: { type: "string", doc: "WireGuard public key", computed: true, changesWith: [] },
    meshAddress: { type: "string", doc: "IPv4 address in the mesh", computed: true, changesWith: [] },
    meshAddress6: { type: "string", doc: "IPv6 address in the mesh", computed: true, changesWith: [] },
    os: { type: "string", doc: "operating system and version", computed: true },
    arch: { type: "string", doc: "processor architecture", computed: true, changesWith: [] },
    cpus: { type: "integer", doc: "logical processors", computed: true },
    memoryBytes: { type: "integer", doc: "memory in `bytes`", computed: true },
    accelerators: {
      type: "list",
      doc: "accelerators that ran a guest's needs",
      computed: true,
      items: { type: "string", doc: "`kvm` or `tcg`" },
    },
    gpus: {
      type: "list",
      doc: "GPUs of the host; `leea gpus` tells who has them and what is free",
      computed: true,
      items: {
        type: "object",
        name: "NodeGpu",
        doc: "one GPU",
        computed: true,
        fields: {
          address: { type: "string", doc: "PCI address, or the name of a virtual card", computed: true },
          vendor: { type: "string", doc: "maker by the host's pci.ids, or its PCI id", computed: true },
          model: { type: "string", doc: "model by the host's pci.ids, or its PCI id", computed: true },
          driver: {
            type: "string",
            doc: "the host's driver, also while a partition has the device; empty: none",
            computed: true,
          },
          iommuGroup: { type: "string", doc: "IOMMU group; empty: none", computed: true },
          modes: {
            type: "list",
            doc: "modes in which a GpuPartition can be made of it, leaving aside who has it now",
            computed: true,
            items: { type: "string", doc: "`passthrough`, `sriov`, `mdev` or `vendor-vfio`", computed: true },
          },
          usedByHost: {
            type: "boolean",
            doc: "whether the host's display, console, disk or network is on it",
            computed: true,
          },
          against: {
            type: "list",
            doc: "what stands in the way of other modes, with the evidence",
            computed: true,
            items: { type: "string", doc: "a sentence", computed: true },
          },
        },
      },
    },
    qemuVersion: { type: "string", doc: "QEMU version", computed: true },
    agentVersion: { type: "string", doc: "agent version, and the start of its bundle's hash", computed: true },
    links: {
      type: "list",
      doc: "ids of the hosts that it is linked to",
      computed: true,
      items: { type: "string", doc: "node id" },
    },
    state: {
      type: "string",
      doc: "`ready`, `unreachable`, or `outside`: its agent answers and it is in no mesh, so that the next update takes it in again",
      computed: true,
    },
  },
});
