// What a refused write, a driver that did not take a device, and a QEMU that did not start mean: the whole table of what
// the kernel and QEMU were seen to say.

import { describeError, errorCodes } from "../../../../provider/model/errors";
import { type Errno, errnoOf } from "../../../../provider/model/gpu/refusal/errno";
import { gpuTroubles, isRefusal, refusalError } from "../../../../provider/model/gpu/refusal/gpu-trouble";
import {
  explainBlocked,
  explainUnbound,
  explainWrite,
  type GpuAct,
  isVfioDriver,
  type WriteState,
} from "../../../../provider/model/gpu/refusal/kernel-refusal";
import { explainVfioStart } from "../../../../provider/model/gpu/refusal/vfio-start";

const path = "/sys/bus/pci/devices/0000:01:00.0/sriov_numvfs";

test.each<[string, Errno | undefined]>([
  [`tee: ${path}: Numerical result out of range\n`, "ERANGE"],
  [`tee: ${path}: Result not representable\n`, "ERANGE"],
  [`tee: ${path}: Device or resource busy`, "EBUSY"],
  [`tee: ${path}: Resource busy`, "EBUSY"],
  ["tee: /x/No such device: File exists", "EEXIST"],
  ["tee: /x: Invalid argument", "EINVAL"],
  ["tee: /x: No such file or directory", "ENOENT"],
  ["tee: /x: No such device", "ENODEV"],
  ["tee: /x: No space left on device", "ENOSPC"],
  ["tee: /x: Too many users", "EUSERS"],
  ["tee: /x: Operation not permitted", "EPERM"],
  ["tee: /x: Cannot allocate memory", "ENOMEM"],
  ["tee: /x: Input/output error", "EIO"],
  ["tee: /x: Structure needs cleaning", "EUCLEAN"],
  ["tee: /x: Operation not supported", "ENOTSUP"],
  ["tee: /x: Permission denied", "EACCES"],
  ["a warning\ntee: /x: File exists\n", "EEXIST"],
  ["tee: /x: File exists indeed", undefined],
  ["", undefined],
])("%j is %s", (message, errno) => {
  expect(errnoOf(message)).toBe(errno);
});

const onNvme: WriteState = { device: "0000:01:00.0", driver: "nvme", hasIommuGroup: true };
const unbound: WriteState = { device: "0000:01:00.0", hasIommuGroup: true };
const onVfio: WriteState = { device: "0000:01:00.0", driver: "vfio-pci", hasIommuGroup: true };
const noIommu: WriteState = { device: "0000:01:00.1", hasIommuGroup: false };
const vendorVf: WriteState = { device: "0000:01:00.4", driver: "nvidia", hasIommuGroup: true, isVendorServed: true };

test.each<[GpuAct, Errno | undefined, WriteState, string]>([
  ["set-vf-count", "ERANGE", onNvme, "vf-count-above-total"],
  ["set-vf-count", "EBUSY", onNvme, "vf-count-fixed"],
  ["set-vf-count", "EINVAL", onNvme, "vf-count-refused"],
  ["set-vf-count", "EPERM", onNvme, "vf-count-refused"],
  ["set-vf-count", "ENOENT", unbound, "pf-without-driver"],
  ["set-vf-count", "ENOENT", onVfio, "pf-on-vfio"],
  ["set-vf-count", "ENOENT", onNvme, "driver-without-sriov"],
  ["set-vf-count", "ENOMEM", onNvme, "no-room-for-vfs"],
  ["set-vf-count", "EIO", onNvme, "kernel-refused"],
  ["set-vf-count", undefined, onNvme, "kernel-refused"],
  ["bind", "EINVAL", noIommu, "no-iommu"],
  ["bind", "EINVAL", vendorVf, "vf-needs-vendor-driver"],
  ["bind", "EBUSY", vendorVf, "vf-needs-vendor-driver"],
  ["bind", "EBUSY", onNvme, "bind-refused"],
  ["bind", undefined, onNvme, "kernel-refused"],
  ["create-mdev", "EEXIST", unbound, "mdev-exists"],
  ["create-mdev", "EUSERS", unbound, "profile-full"],
  ["create-mdev", "ENOSPC", unbound, "profile-full"],
  ["create-mdev", "ENOMEM", unbound, "profile-full"],
  ["create-mdev", "EINVAL", unbound, "kernel-refused"],
  ["set-vgpu-type", "EINVAL", vendorVf, "profile-unknown"],
  ["set-vgpu-type", "EEXIST", vendorVf, "vf-has-type"],
  ["set-vgpu-type", "ENOSPC", vendorVf, "profile-full"],
  ["set-vgpu-type", "EPERM", vendorVf, "held-by-process"],
  ["clear-vgpu-type", "EPERM", vendorVf, "held-by-process"],
  ["unbind", "EBUSY", onNvme, "held-by-process"],
  ["unbind", "ENODEV", onNvme, "kernel-refused"],
  ["set-override", "EINVAL", onNvme, "kernel-refused"],
])("%s %s is %#", (act, errno, state, trouble) => {
  const refusal = explainWrite(act, errno, state);
  expect(refusal.trouble).toBe(trouble);
  expect(refusal.message).toContain(state.device);
});

test("a driver that did not take the device: no IOMMU, or the driver's own reason", () => {
  expect(explainUnbound({ ...noIommu, wanted: "vfio-pci" })).toEqual({
    trouble: "no-iommu",
    message: "0000:01:00.1 is in no IOMMU group",
  });
  expect(explainUnbound({ ...unbound, wanted: "vfio-pci" }).message).toBe(
    "0000:01:00.0 has no driver: vfio-pci did not take it",
  );
  expect(explainUnbound({ ...onNvme, wanted: "vfio-pci" })).toEqual({
    trouble: "bind-refused",
    message: "0000:01:00.0 is on nvme: vfio-pci did not take it",
  });
});

test("a write that does not come back says what waits and for what", () => {
  expect(explainBlocked("unbind", "0000:02:00.0")).toEqual({
    trouble: "write-blocked",
    message: "0000:02:00.0 is in use: the kernel keeps the order to take it from its driver waiting",
  });
});

test.each([
  ["vfio-pci", true],
  ["xe-vfio-pci", true],
  ["mlx5_vfio_pci", true],
  ["nvgrace-gpu-vfio-pci", true],
  ["nvidia", false],
  ["vfio-pci-core", false],
])("%s is a VFIO driver: %s", (driver, is) => {
  expect(isVfioDriver(driver)).toBe(is);
});

const start = "qemu-system-x86_64: -device vfio-pci,host=0000:03:00.0,id=gpu0: vfio 0000:03:00.0:";
test.each([
  [`${start} group 13 is not viable\nPlease ensure all devices within the iommu_group are bound`, "group-shared"],
  [`${start} no iommu_group found: No such file or directory`, "no-iommu"],
  [`${start} failed to open /dev/vfio/16: Device or resource busy`, "held-by-process"],
  [`${start} failed to open /dev/vfio/11: No such file or directory`, "bind-refused"],
  [`${start} failed to open /dev/vfio/12: Permission denied`, "kernel-refused"],
  [`${start} Could not open '/dev/vfio/21': Device or resource busy`, "held-by-process"],
  [`${start} Could not open '/dev/vfio/23': No such file or directory`, "bind-refused"],
  [`${start} Could not open '/dev/vfio/22': Permission denied`, "kernel-refused"],
  [
    `${start} failed to setup container for group 7: Failed to set iommu for container: Operation not permitted`,
    "no-interrupt-remapping",
  ],
  [
    `a warning\n${start} failed to setup container for group 7: memory listener initialization failed: Region pc.ram: vfio_container_dma_map(0x1, 0x0, 0xa0000, 0x2) = -12 (VFIO_MAP_DMA failed: Cannot allocate memory)`,
    "memlock-too-low",
  ],
  [
    `${start} failed to setup container for group 22: memory listener initialization failed: Region pc.ram: vfio_container_dma_map(0x1, 0x0, 0x4000000, 0x2) = -12 (Cannot allocate memory)`,
    "memlock-too-low",
  ],
  [`${start} error getting device from group 7: No such device`, "profile-missing"],
  [`${start} no such host device: No such file or directory`, "device-absent"],
  ["qemu-system-x86_64: cannot set up guest memory 'pc.ram': Cannot allocate memory", undefined],
  ["", undefined],
])("QEMU's %j is %s", (stderr, trouble) => {
  expect(explainVfioStart(stderr)?.trouble).toBe(trouble);
});

describe("the error", () => {
  test("every trouble has a code of the catalogue and a next step that ends as a sentence", () => {
    for (const [trouble, { code, hint }] of Object.entries(gpuTroubles)) {
      expect([trouble, code in errorCodes, /^[A-Z`].*\.$/.test(hint)]).toEqual([trouble, true, true]);
    }
  });

  test("one refusal keeps its own code, name and hint", () => {
    const error = refusalError('GpuPartition "g"', [explainWrite("create-mdev", "EEXIST", unbound)]);
    expect(error).toMatchObject({ code: "CONFLICT", details: { trouble: "mdev-exists" } });
    expect(describeError(error)).toMatch(/^GpuPartition "g" cannot be had: .*\n {2}next: /);
  });

  test("several are told together, each on its line, no hint twice", () => {
    const two = ["0000:01:00.0", "0000:01:00.1"].map((device) => explainUnbound({ ...noIommu, device, wanted: "x" }));
    const error = refusalError('GpuPartition "g"', two);
    expect(error.code).toBe("PREFLIGHT_FAILED");
    expect(error.message.split("\n")).toHaveLength(3);
    expect(error.hint).toBe(gpuTroubles["no-iommu"].hint);
  });

  test("a rule's answer is told from a refusal", () => {
    expect([isRefusal(undefined), isRefusal({ act: "use" }), isRefusal(explainBlocked("bind", "x"))]).toEqual([
      false,
      false,
      true,
    ]);
  });
});
