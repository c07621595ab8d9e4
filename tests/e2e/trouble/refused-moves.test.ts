// Moves that the destination cannot take: every reason in one answer, in preview and in the move itself, and the VM goes on
// where it is with nothing of it on the other host.

import { vmHandler } from "../../../provider/controller/handlers/vm";
import { bundledAgentHash, openHost } from "../../../provider/controller/host-session";
import type { LeeaError } from "../../../provider/model/errors";
import { runInside } from "../enter-lab";
import { closeWorld, connectionTo, openWorld, type World } from "../world/world";
import { checkVm, declareVm, errorOf, listVmTraces, type Made, makeNode, makeVm } from "./trouble-rig";

jest.setTimeout(120_000);
let world: World;
let vm: Made;
let destination: string;

// An older QEMU: an older version, no newer machine types, and the real one behind it to answer whether a guest runs.
const olderQemu = `#!/bin/bash
case "$*" in
  --version) echo "QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7+deb12u15)" ;;
  "-machine help")
    echo "q35                  Standard PC (Q35 + ICH9, 2009) (alias of pc-q35-7.2)"
    echo "pc-q35-7.2           Standard PC (Q35 + ICH9, 2009)" ;;
  *) exec /usr/bin/qemu-system-x86_64 "$@" ;;
esac
`;

beforeAll(async () => {
  expect(bundledAgentHash()).toMatch(/^[0-9a-f]{64}$/);
  world = await openWorld("moves", ["a", "b"]);
  for (const host of ["a", "b"]) await runInside(world.lab, host, "rm -f /dev/kvm");
  await makeNode(world, "a");
  vm = await makeVm(world, "web", "a", { nics: [{ mesh: {} }, { bridge: "br-lan" }], memory: "512MiB" });
  await spoilHost();
  const session = await openHost(connectionTo(world, "b"), { install: "if-missing" });
  destination = (await session.call("getIdentity", {})).nodeId;
  session.close();
});

afterAll(() => closeWorld(world));

/** Takes from host b everything that the VM would need. */
async function spoilHost(): Promise<void> {
  await runInside(
    world.lab,
    "b",
    `printf '%s' '${olderQemu.replaceAll("'", `'\\''`)}' >/usr/local/bin/qemu-system-x86_64
    chmod 755 /usr/local/bin/qemu-system-x86_64
    sed 's/^MemAvailable:.*/MemAvailable:     102400 kB/' /proc/meminfo >/run/meminfo
    mount --bind /run/meminfo /proc/meminfo
    ip link delete br-lan`,
  );
}

const onB = async () => {
  const place = { node: destination, nodeConnection: connectionTo(world, "b") };
  const inputs = { nics: [{ mesh: {} }, { bridge: "br-lan" }], memory: "512MiB" };
  return checkVm(world, { ...declareVm(world, "web", "a", inputs), ...place }, vm.known.inputs);
};

const expected = () => [
  expect.stringMatching(new RegExp(`^${destination} is in no mesh; declare it as a MeshNode`)),
  expect.stringMatching(/^QEMU 7\.2\.22 on .* does not know its machine type pc-q35-/),
  expect.stringMatching(/^QEMU 7\.2\.22 on .* damages a busy guest's memory when it moves under tcg/),
  "it has 512MiB of memory, and " + destination + " has 100MiB free",
  `${destination} has no bridge "br-lan"`,
];

test("#24 a destination that lacks everything is told so in preview, each reason on a line", async () => {
  const plan = await vmHandler.diff(vm.id, vm.known, await onB(), world.context);
  const [first, ...reasons] = plan.lines;
  expect(first).toBe("web: cannot move live from a to b:");
  expect(reasons.map((line) => line.replace(/^web: {3}- /, ""))).toEqual(expected());
});

test("and in the move, which leaves the VM as it is and nothing on the other host", async () => {
  const pid = await runInside(world.lab, "a", `pgrep -f "[g]uest=leea-${vm.id}"`);
  const before = await listVmTraces(world, "b");
  const error: LeeaError = await errorOf(vmHandler.update(vm.id, vm.known, await onB(), world.context));
  expect(error.code).toBe("PREFLIGHT_FAILED");
  expect(error.details?.["reasons"]).toEqual(expected());
  expect(error.hint).toMatch(/It goes on running on a-\w+\. Mend what is named above/);
  expect(await runInside(world.lab, "a", `pgrep -f "[g]uest=leea-${vm.id}"`)).toBe(pid);
  expect(await listVmTraces(world, "b")).toBe(before);
  expect((await vmHandler.read(vm.id, vm.known, world.context))?.outputs["state"]).toBe("running");
});
