// The text of our own BIRD's configuration, valid for BIRD 2.0.12 (Debian 12) to 2.17. It shares the kernel's main table with
// anything else on the host: routes carry metric 1024, by which two BIRDs leave each other's routes alone.
// It never lets in or out anything but single addresses of the mesh's own ranges.

/** What the configuration depends on. Ranges as CIDR, addresses bare. */
export interface BirdConfigInput {
  readonly meshAddress: string;
  readonly meshAddress6: string;
  readonly nodeRange: string;
  readonly vmRange: string;
  readonly range6: string;
}

/** Kernel metric of what Babel learned. A guest's own route on this host has metric 0 and wins. */
export const meshRouteMetric = 1024;
/** Number of the routing protocol (`ip route … proto 200`) that marks a guest's route as to be announced. */
export const announcedRouteProtocol = 200;
/** Device that holds the node's mesh addresses. */
export const hostDeviceName = "leea0";
/** What the names of our WireGuard interfaces begin with; Babel runs on each of them. */
export const linkNamePrefix = "leeal";

/** Configuration for `bird -c`. Hello each second: a new route waits for it, so it also sets how fast an announcement goes out. */
export function birdConfig(input: BirdConfigInput): string {
  return `# Written by leea's agent; changes are overwritten. It runs beside any other BIRD of this host.
log stderr { warning, error, fatal, bug };
router id ${input.meshAddress};

filter own4 { if net ~ [ ${input.meshAddress}/32 ] then accept; reject; }
filter own6 { if net ~ [ ${input.meshAddress6}/128 ] then accept; reject; }
filter mesh4 { if net ~ [ ${input.nodeRange}{32,32}, ${input.vmRange}{32,32} ] then accept; reject; }
filter mesh6 { if net ~ [ ${input.range6}{128,128} ] then accept; reject; }
${guestFilter("guests4", `${input.vmRange}{32,32}`)}
${guestFilter("guests6", `${input.range6}{128,128}`)}

protocol device { scan time 10; }
protocol direct host {
  ipv4 { import filter own4; };
  ipv6 { import filter own6; };
  interface "${hostDeviceName}";
}
${kernelProtocol("kernel4", "ipv4", "guests4")}
${kernelProtocol("kernel6", "ipv6", "guests6")}
protocol babel mesh {
  randomize router id yes;
  ipv4 { import filter mesh4; export filter mesh4; };
  ipv6 { import filter mesh6; export filter mesh6; };
  interface "${linkNamePrefix}*" { type wired; hello interval 1 s; rxcost 96; };
}
`;
}

/**
 * A guest's route is taken from the kernel with preference 200, above Babel's 130: a host that is about to take over a guest announces
 * it at once, though it still hears the announcement of the guest's present host.
 */
function guestFilter(name: string, nets: string): string {
  return `filter ${name} {
  if net !~ [ ${nets} ] then reject;
  if krt_source = ${announcedRouteProtocol} then { preference = 200; babel_metric = 0; accept; }
  reject;
}`;
}

function kernelProtocol(name: string, channel: "ipv4" | "ipv6", filter: string): string {
  return `protocol kernel ${name} {
  learn;
  scan time 20;
  metric ${meshRouteMetric};
  ${channel} { import filter ${filter}; export where source = RTS_BABEL; };
}`;
}
