// Which VF a partition gets: the table of cases, and every state of a small card.

import { isDeepStrictEqual } from "node:util";
import { allocateVf, type VfRequest, type VfState } from "../../../../provider/model/gpu/vf-allocation";
import { somePartition } from "./some-function";

const own = "o".repeat(26);
const vf = (index: number, change: Partial<VfState> = {}): VfState => ({
  index,
  address: `0000:01:00.${index + 1}`,
  uses: [],
  ...change,
});
const claimed = somePartition();
const mine = somePartition({ partitionId: own });
const ask = (change: Partial<VfRequest>) =>
  allocateVf({ partitionId: own, device: "0000:01:00.0", total: 4, vfs: [], ...change });

test.each<[string, Partial<VfRequest>, object]>([
  ["no VFs yet: all are made", {}, { act: "enable", count: 4, index: 0 }],
  ["no VFs yet, two declared", { wanted: 2 }, { act: "enable", count: 2, index: 0 }],
  ["as many as there can be", { wanted: 4 }, { act: "enable", count: 4, index: 0 }],
  ["one more", { wanted: 5 }, { trouble: "vf-count-above-total" }],
  ["no SR-IOV", { total: 0 }, { trouble: "no-sriov" }],
  ["the first free one", { vfs: [vf(0, { claim: claimed }), vf(1)] }, { act: "use", index: 1 }],
  ["the one that it has", { vfs: [vf(0), vf(1, { claim: mine })] }, { act: "use", index: 1 }],
  [
    "the one that it has, also when the count is declared anew",
    { wanted: 3, vfs: [vf(0, { claim: mine })] },
    { act: "use", index: 0 },
  ],
  [
    "another count that is in use",
    { wanted: 3, vfs: [vf(0), vf(1, { claim: claimed })] },
    { trouble: "vf-count-fixed" },
  ],
  ["another count that somebody else set", { wanted: 3, vfs: [vf(0)] }, { trouble: "vf-count-fixed" }],
  ["the same count", { wanted: 2, vfs: [vf(0), vf(1)] }, { act: "use", index: 0 }],
  [
    "one without a driver before one on vfio-pci",
    { vfs: [vf(0, { driver: "vfio-pci" }), vf(1)] },
    { act: "use", index: 1 },
  ],
  [
    "one on vfio-pci before one on a host driver",
    { vfs: [vf(0, { driver: "igbvf" }), vf(1, { driver: "vfio-pci" })] },
    { act: "use", index: 1 },
  ],
  ["one on a host driver where there is no other", { vfs: [vf(0, { driver: "igbvf" })] }, { act: "use", index: 0 }],
  [
    "never one that the host uses",
    { vfs: [vf(0, { uses: ["its network interface e0 is up"] })] },
    { trouble: "no-free-vf" },
  ],
  ["never one that the mode cannot use", { vfs: [vf(0), vf(1)], unfit: { 0: "has a type" } }, { act: "use", index: 1 }],
  ["the named one", { vfs: [vf(0), vf(1)], onlyIndex: 1 }, { act: "use", index: 1 }],
  ["the named one is taken", { vfs: [vf(0), vf(1, { claim: claimed })], onlyIndex: 1 }, { trouble: "no-free-vf" }],
  ["the named one is not there", { vfs: [vf(0)], onlyIndex: 1 }, { trouble: "device-absent" }],
  ["the named one would not come to be", { onlyIndex: 3, wanted: 2 }, { trouble: "device-absent" }],
])("%s", (_, request, expected) => {
  expect(ask(request)).toMatchObject(expected);
});

test("a refusal says of each VF who has it, and the count that stands", () => {
  expect(ask({ vfs: [vf(0, { claim: claimed }), vf(1, { uses: ["qemu (pid 7) has /dev/vfio/3 open"] })] })).toEqual({
    trouble: "no-free-vf",
    message:
      'no VF of 0000:01:00.0 is free: 0000:01:00.1 belongs to GpuPartition "g" of acme/shop/prod; ' +
      "0000:01:00.2 is in use (qemu (pid 7) has /dev/vfio/3 open)",
  });
  expect(ask({ wanted: 3, vfs: [vf(0, { claim: claimed })] })).toMatchObject({
    message: '0000:01:00.0 is split into 1, not 3 VFs, used by GpuPartition "g" of acme/shop/prod',
  });
});

/** What is wrong with the answer to this state of a card of three VFs; undefined: nothing. */
function brokenLaw(vfs: readonly VfState[], wanted: number | undefined): string | undefined {
  const got = ask({ total: 3, vfs, ...(wanted === undefined ? {} : { wanted }) });
  const owned = vfs.find(({ claim }) => claim === mine);
  if (owned !== undefined)
    return isDeepStrictEqual(got, { act: "use", index: owned.index }) ? undefined : "not its own";
  if ("trouble" in got) return vfs.length === 0 && (wanted ?? 1) <= 3 ? "refused an untouched card" : undefined;
  if (got.act === "enable") return vfs.length === 0 && got.count === (wanted ?? 3) ? undefined : "changed a count";
  const given = vfs[got.index];
  return given?.uses.length === 0 && given.claim === undefined ? undefined : "gave one that is taken";
}

test("in every state of a card of three VFs it gives only a free one, its own one, or sets the count from zero", () => {
  const states: readonly Partial<VfState>[] = [
    {},
    { driver: "vfio-pci" },
    { driver: "igbvf" },
    { claim: claimed },
    { uses: ["open"] },
    { claim: mine },
  ];
  const cards = [0, 1, 2, 3].flatMap((count) =>
    Array.from({ length: states.length ** count }, (_, code) =>
      Array.from({ length: count }, (__, index) =>
        vf(index, states[Math.floor(code / states.length ** index) % states.length]),
      ),
    ),
  );
  expect(cards).toHaveLength(1 + 6 + 36 + 216);
  const broken = cards.flatMap((vfs) => [undefined, 1, 2, 3, 4].flatMap((wanted) => brokenLaw(vfs, wanted) ?? []));
  expect(broken).toEqual([]);
});
