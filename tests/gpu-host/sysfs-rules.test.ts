// The real kernel obeys the rules that the fake PCI bus is held to.

import { describeSysfsRules } from "../conformance/sysfs-rules";
import type { GpuHost } from "./rig/gpu-host";
import { snapshotHost } from "./rig/host-snapshot";
import { openKernelRig } from "./rig/kernel-rig";
import { shareHost } from "./rig/shared-host";

jest.setTimeout(400_000);
let host: GpuHost;
let before: readonly string[];

beforeAll(async () => {
  host = await shareHost("a");
  await openKernelRig(host);
  before = await snapshotHost(host);
});

afterAll(async () => {
  const after = await snapshotHost(host);
  await host.run("modprobe -r mbochs");
  await host.stop();
  expect(after).toEqual(before);
});

describeSysfsRules("an emulated host", () => openKernelRig(host));
