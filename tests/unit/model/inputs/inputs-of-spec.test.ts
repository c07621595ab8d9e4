// A VM that was found on a host is declared by what its host keeps: declared so, it would be the same VM.

import fc from "fast-check";
import { isContentName } from "../../../../provider/model/inputs/content-name";
import { contentsOfSpec, inputsOfSpec } from "../../../../provider/model/inputs/inputs-of-spec";
import { specOfVm } from "../../../../provider/model/inputs/vm-spec-of";
import type { NicSpec, VmSpec } from "../../../../provider/model/vm-spec";
import type { VMInputs } from "../../../../schema/generated/declared";

const hash = fc.stringMatching(/^[0-9a-f]{64}$/);
const mebibytes = (most: number) => fc.integer({ min: 1, max: most }).map((count) => count * 1024 ** 2);
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

const rule = fc.oneof(
  fc.record({
    from: fc.constantFrom("nodes", "10.0.0.0/8"),
    protocol: fc.constantFrom("any" as const, "icmp" as const),
  }),
  fc
    .record({ first: fc.integer({ min: 1, max: 65_535 }), more: fc.integer({ min: 0, max: 9 }) })
    .map(({ first, more }) => ({
      from: "vms",
      protocol: "tcp" as const,
      firstPort: first,
      lastPort: Math.min(first + more, 65_535),
    })),
);
const nic: fc.Arbitrary<NicSpec> = fc.oneof(
  fc
    .record({ address: optional(fc.constant("10.92.0.9")), ingress: fc.array(rule, { maxLength: 3 }) })
    .map((drawn): NicSpec => defined({ kind: "mesh", ...drawn }) as NicSpec),
  fc
    .record({ vlan: optional(fc.integer({ min: 1, max: 4094 })) })
    .map((drawn): NicSpec => defined({ kind: "bridge", bridge: "br0", ...drawn }) as NicSpec),
);
const gpu = fc.record({
  partitionId: fc.stringMatching(/^[a-z2-7]{26}$/),
  nodeId: fc.constantFrom("a-aaaaaaaa", "b-bbbbbbbb"),
});
const migration: fc.Arbitrary<VmSpec["migration"]> = fc
  .record({
    downtimeLimitMs: fc.integer({ min: 1, max: 60_000 }),
    maxBandwidthBytesPerSecond: optional(fc.integer({ min: 1, max: 125_000 }).map((rate) => rate * 1_000_000)),
    mode: optional(fc.constantFrom("cold" as const, "forbid" as const)),
    transport: optional(fc.constant("auto" as const)),
    deadlineMs: optional(fc.integer({ min: 1_000, max: 9_000_000 }).filter((ms) => ms !== 1_800_000)),
    onDeadline: optional(fc.constantFrom("stop" as const, "auto-converge" as const)),
    stallTimeoutMs: optional(fc.integer({ min: 1_000, max: 29_999 })),
    shutdownTimeoutMs: optional(fc.integer({ min: 1_000, max: 59_999 })),
  })
  .map((drawn) => defined(drawn) as VmSpec["migration"]);

const spec: fc.Arbitrary<VmSpec> = fc
  .record({
    name: fc.constant("web"),
    vcpus: fc.integer({ min: 1, max: 512 }),
    memoryBytes: mebibytes(2 ** 20),
    cpu: fc.constantFrom("portable" as const, "host" as const),
    boot: optional(
      fc
        .record({ kernel: hash, initrd: optional(hash), cmdline: fc.constantFrom("", "quiet") })
        .map((drawn) => defined(drawn)),
    ),
    disks: fc.array(fc.record({ sizeBytes: mebibytes(2 ** 20), image: optional(hash) }), { maxLength: 3 }),
    nics: fc.array(nic, { maxLength: 2 }),
    gpus: optional(fc.array(gpu, { minLength: 1, maxLength: 3 })),
    migration,
    powerState: fc.constantFrom("running" as const, "stopped" as const),
    restart: optional(fc.constantFrom("never" as const, "always" as const)),
  })
  .map(
    ({ disks, ...drawn }) =>
      defined({ ...drawn, disks: disks.map((disk, index) => defined({ name: `d${index}`, ...disk })) }) as VmSpec,
  );

/** Without what is not there. */
function defined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined)) as T;
}

test("declared as its host keeps it, a VM is the same VM", () => {
  fc.assert(
    fc.property(spec, (kept) => {
      const inputs = inputsOfSpec(kept) as VMInputs;
      expect(specOfVm(inputs, contentsOfSpec(kept))).toEqual(kept);
    }),
  );
});

test("a file that is known by its content only is named by it, as no user would", () => {
  fc.assert(
    fc.property(spec, ({ ...kept }) => {
      const { boot, disks } = inputsOfSpec(kept);
      const paths = [boot?.kernel, boot?.initrd, ...disks.map(({ image }) => image)].filter(
        (path) => path !== undefined,
      );
      expect(paths.every(isContentName)).toBe(true);
    }),
  );
  for (const path of ["./sha256:abc", "sha256:", "./noble.qcow2"]) expect(isContentName(path)).toBe(false);
});
