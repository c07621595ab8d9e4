// What the schema cannot say of a VM: rules between its fields. Takes values that may still be wrong in other ways, so
// that all mistakes come in one answer; names each with its field's path.

import type { Problem } from "../errors";
import { parseIpv4, parseIpv4Range, rangeHolds } from "../ipv4-range";
import { asNumber, asObject, asObjects, asText } from "./loose-values";
import { parseQuantity } from "./parse-quantity";
import { isUnknown } from "./unknown-value";

const mebibyteBytes = 1024 ** 2;
/** Every file system and block device counts in at most this. */
const diskGrainBytes = 4096;
const totalDiskBytes = 256 * 1024 ** 4;

/** IPv4 ranges that no VM can have, with the reason (RFC 6890). */
const reservedRanges: readonly (readonly [range: string, reason: string])[] = [
  ["0.0.0.0/8", "means this network"],
  ["127.0.0.0/8", "is every machine's own loopback"],
  ["169.254.0.0/16", "is link-local, and leea's gateway is in it"],
  ["224.0.0.0/4", "is multicast"],
  ["240.0.0.0/4", "is reserved"],
];

/** Mistakes between the fields of a VM's inputs. Empty where there are none. */
export function checkVm(values: Readonly<Record<string, unknown>>): Problem[] {
  return [
    ...checkBoot(values),
    ...checkMemory(values),
    ...checkDisks(values),
    ...checkNics(values),
    ...checkGpus(values),
  ];
}

function checkBoot(values: Readonly<Record<string, unknown>>): Problem[] {
  const hasDisk = isUnknown(values["disks"]) || asObjects(values["disks"]).length > 0;
  if (values["boot"] !== undefined || hasDisk) return [];
  return [
    { field: "boot", message: "is missing and there is no disk: give a first disk with an image, or a kernel to boot" },
  ];
}

function checkMemory(values: Readonly<Record<string, unknown>>): Problem[] {
  const bytes = bytesOf(values["memory"]);
  if (bytes === undefined || bytes % mebibyteBytes === 0) return [];
  return [{ field: "memory", message: "must be a whole number of MiB" }];
}

function checkDisks(values: Readonly<Record<string, unknown>>): Problem[] {
  const sizes = asObjects(values["disks"]).map((disk) => bytesOf(disk["size"]) ?? 0);
  const problems = sizes.flatMap((size, index) =>
    size % diskGrainBytes === 0 ? [] : [{ field: `disks[${index}].size`, message: "must be a whole number of 4KiB" }],
  );
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total > totalDiskBytes) problems.push({ field: "disks", message: "are larger than 256TiB together" });
  return problems;
}

function checkNics(values: Readonly<Record<string, unknown>>): Problem[] {
  const nics = asObjects(values["nics"]);
  const inMesh = nics.filter((nic) => nic["mesh"] !== undefined);
  const problems = nics.flatMap((nic, index) => checkNic(nic, `nics[${index}]`));
  if (inMesh.length > 1)
    problems.push({
      field: "nics",
      message: "has more than one interface in the mesh; one is enough for every address",
    });
  return problems;
}

function checkNic(nic: Readonly<Record<string, unknown>>, field: string): Problem[] {
  const problems: Problem[] = [];
  const bridge = asText(nic["bridge"]);
  if (nic["vlan"] !== undefined && nic["bridge"] === undefined) {
    problems.push({ field: `${field}.vlan`, message: "needs a bridge: an interface in the mesh has no VLAN" });
  }
  if (bridge?.startsWith("leea") === true) {
    problems.push({
      field: `${field}.bridge`,
      message: `"${bridge}" is one of leea's own interfaces; name a bridge of yours`,
    });
  }
  const mesh = asObject(nic["mesh"]);
  problems.push(...checkAddress(mesh["address"], `${field}.mesh.address`));
  const rules = asObjects(mesh["ingress"]);
  return [...problems, ...rules.flatMap((rule, index) => checkRule(rule, `${field}.mesh.ingress[${index}]`))];
}

function checkAddress(value: unknown, field: string): Problem[] {
  const text = asText(value);
  if (text === undefined) return [];
  if (parseIpv4(text) === undefined) return [{ field, message: `"${text}" is no IPv4 address` }];
  const reserved = reservedRanges.find(([rangeText]) => {
    const range = parseIpv4Range(rangeText);
    return !("problem" in range) && rangeHolds(range, text);
  });
  return reserved === undefined ? [] : [{ field, message: `${text} cannot be a VM's: ${reserved[0]} ${reserved[1]}` }];
}

function checkRule(rule: Readonly<Record<string, unknown>>, field: string): Problem[] {
  const problems: Problem[] = [];
  const from = asText(rule["from"]);
  const range = from === undefined || from === "nodes" || from === "vms" ? undefined : parseIpv4Range(from);
  if (range !== undefined && "problem" in range) problems.push({ field: `${field}.from`, message: range.problem });
  const ports = asText(rule["ports"]);
  if (ports === undefined) return problems;
  const protocol = asText(rule["protocol"]) ?? "any";
  if (!isUnknown(rule["protocol"]) && protocol !== "tcp" && protocol !== "udp") {
    problems.push({ field: `${field}.ports`, message: `needs the protocol tcp or udp; it is ${protocol}` });
  }
  return [...problems, ...checkPorts(ports, `${field}.ports`)];
}

function checkPorts(text: string, field: string): Problem[] {
  const [first = 0, last = first] = text.split("-").map(Number);
  const outside = [first, last].find((port) => port < 1 || port > 65535);
  if (outside !== undefined) return [{ field, message: `${outside} is no port; ports are 1 to 65535` }];
  return first > last ? [{ field, message: `runs backwards; write "${last}-${first}"` }] : [];
}

/** None of the host that it is on would start a VM without a GPU that was declared with one. */
function checkGpus(values: Readonly<Record<string, unknown>>): Problem[] {
  const node = asText(values["node"]);
  const hosts = asObjects(values["gpus"]).map((gpu) => asText(gpu["node"]));
  const named = hosts.filter((host) => host !== undefined);
  if (node === undefined || named.length === 0 || named.length < hosts.length || named.includes(node)) return [];
  const others = [...new Set(named)].join(", ");
  return [
    {
      field: "gpus",
      message: `has none of ${node}, which the VM is to be on, only of ${others}: add a GpuPartition of that host, or declare no gpus`,
    },
  ];
}

function bytesOf(value: unknown): number | undefined {
  const text = asText(value);
  const parsed = text === undefined ? undefined : parseQuantity(text, "bytes");
  return parsed?.ok === true ? asNumber(parsed.value) : undefined;
}
