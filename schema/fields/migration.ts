// How a VM moves: live, cold or not at all, and what bounds it. The same defaults stand in provider/model/vm-spec.ts.

/** The `migration` field of a VM. */
export const migrationField = {
  type: "object",
  name: "Migration",
  doc: "how the VM moves when its `node` changes",
  optional: true,
  change: "none",
  fields: {
    mode: {
      type: "string",
      doc: "`live`: it goes on running while it moves. `cold`: it is shut down, its disks are copied and it starts on the other host. `forbid`: a changed `node` is an error",
      default: "live",
      enum: ["live", "cold", "forbid"],
    },
    downtimeLimit: {
      type: "quantity",
      quantity: "duration",
      doc: "pause to aim for",
      default: "30ms",
      minimum: "1ms",
      maximum: "60s",
    },
    maxBandwidth: {
      type: "quantity",
      quantity: "rate",
      doc: "rate that the move may take; absent means all there is",
      optional: true,
      minimum: "1Mbps",
      maximum: "1Tbps",
    },
    transport: {
      type: "string",
      doc: "the way that memory and disks take, always inside TLS. `mesh`: through the encrypted mesh. `auto`: straight from host to host where the destination's own address can be reached, which is tried first; for the time of the move the destination's packet filter lets the source alone reach its two ports. The mesh where it cannot",
      default: "mesh",
      enum: ["mesh", "auto"],
    },
    deadline: {
      type: "quantity",
      quantity: "duration",
      doc: "live: how long memory may be sent before `onDeadline` is done, and how long the copying of the disks may go on without getting nearer to its end. In the default 30 minutes a way of 1Gbps carries some 200GiB, so a guest that is not across by then writes memory faster than the way carries it",
      default: "30m",
      minimum: "1s",
      maximum: "7d",
    },
    onDeadline: {
      type: "string",
      doc: "live, when the deadline is reached: `cancel` (it goes on where it is), `stop` (the guest is paused until the rest is sent, however long that takes) or `auto-converge` (its processors are slowed down until the rest fits; cancelled if even that does not help for as long as the deadline again)",
      default: "cancel",
      enum: ["cancel", "stop", "auto-converge"],
    },
    stallTimeout: {
      type: "quantity",
      quantity: "duration",
      doc: "how long a move may stand without a single byte sent before it is broken off; the default outlives a link that is down for a few seconds",
      default: "30s",
      minimum: "1s",
      maximum: "1h",
    },
    shutdownTimeout: {
      type: "quantity",
      quantity: "duration",
      doc: "cold: how long the guest may take to shut down before its power is cut",
      default: "60s",
      minimum: "1s",
      maximum: "1h",
    },
  },
} as const;
