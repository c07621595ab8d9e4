// The network interfaces of a VM: in the mesh, or on a bridge of the host's own.

import type { ListField } from "../field";

/** The `nics` list. */
export const nicsField: ListField = {
  type: "list",
  doc: "network interfaces; absent means one in the mesh",
  default: [{ mesh: {} }],
  maxItems: 8,
  change: "restart",
  items: {
    type: "object",
    name: "Nic",
    doc: "one network interface: in the mesh, or on a bridge of the host's own",
    exactlyOneOf: ["mesh", "bridge"],
    fields: {
      mesh: {
        type: "object",
        name: "MeshNic",
        doc: "an interface in the mesh; its address stays with the VM wherever it runs",
        optional: true,
        fields: {
          address: {
            type: "string",
            doc: "IPv4 address; absent means one is chosen",
            optional: true,
            maxLength: 15,
            pattern: "^[0-9]{1,3}(\\.[0-9]{1,3}){3}$",
            patternHint: "an IPv4 address",
          },
          ingress: {
            type: "list",
            doc: "who may open connections to the VM; where it is empty, only the host that it runs on",
            change: "none",
            default: [],
            maxItems: 64,
            items: {
              type: "object",
              name: "IngressRule",
              doc: "one permission to open connections",
              fields: {
                from: {
                  type: "string",
                  doc: "`nodes` (every host of the mesh), `vms` (every VM), or an IPv4 range",
                  maxLength: 18,
                  pattern: "^(nodes|vms|[0-9]{1,3}(\\.[0-9]{1,3}){3}(/[0-9]{1,2})?)$",
                  patternHint: "nodes, vms, or an IPv4 range",
                },
                protocol: { type: "string", doc: "protocol", default: "any", enum: ["any", "tcp", "udp", "icmp"] },
                ports: {
                  type: "string",
                  doc: "port or range of ports, for tcp and udp; absent means all",
                  optional: true,
                  maxLength: 11,
                  pattern: "^[0-9]{1,5}(-[0-9]{1,5})?$",
                  patternHint: "a port such as 443 or a range such as 8000-8100",
                },
              },
            },
          },
        },
      },
      bridge: {
        type: "string",
        doc: "name of a bridge that exists on the host",
        optional: true,
        maxLength: 15,
        pattern: "^[A-Za-z0-9][A-Za-z0-9_.-]{0,14}$",
        patternHint: "an interface name of at most 15 characters",
      },
      vlan: { type: "integer", doc: "VLAN on the bridge", optional: true, minimum: 1, maximum: 4094 },
    },
  },
};
