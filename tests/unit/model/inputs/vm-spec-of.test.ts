// Declared values as the host is told of them.

import { specOfVm } from "../../../../provider/model/inputs/vm-spec-of";
import type { VMInputs } from "../../../../schema/generated/declared";

const inputs: VMInputs = {
  owner: "o/p/s",
  logicalName: "web",
  name: "web",
  node: "a-aaaaaaaa",
  nodeConnection: { host: "10.0.0.1", port: 22, user: "root" },
  vcpus: 2,
  memory: "256MiB",
  cpu: "portable",
  boot: { kernel: "./vmlinuz", initrd: "./initrd", cmdline: "console=ttyS0" },
  disks: [
    { name: "root", size: "1GiB", image: "./root.img" },
    { name: "data", size: "64MiB" },
  ],
  nics: [
    {
      mesh: {
        address: "10.92.0.9",
        ingress: [
          { from: "nodes", protocol: "tcp", ports: "80-90" },
          { from: "vms", protocol: "udp", ports: "53" },
          { from: "10.0.0.0/8", protocol: "any" },
        ],
      },
    },
    { bridge: "br0", vlan: 7 },
  ],
  gpus: [],
  migration: {
    mode: "live",
    transport: "mesh",
    downtimeLimit: "50ms",
    maxBandwidth: "1Gbps",
    deadline: "30m",
    onDeadline: "cancel",
    stallTimeout: "30s",
    shutdownTimeout: "60s",
  },
  restart: "on-failure",
  powerState: "running",
  allowDataLoss: false,
};

describe("specOfVm", () => {
  it("gives numbers, hashes and inclusive ports", () => {
    expect(specOfVm(inputs, { "boot.kernel": "k", "boot.initrd": "i", "disks.root.image": "r" })).toEqual({
      name: "web",
      vcpus: 2,
      memoryBytes: 268_435_456,
      cpu: "portable",
      boot: { kernel: "k", initrd: "i", cmdline: "console=ttyS0" },
      disks: [
        { name: "root", sizeBytes: 2 ** 30, image: "r" },
        { name: "data", sizeBytes: 2 ** 26 },
      ],
      nics: [
        {
          kind: "mesh",
          address: "10.92.0.9",
          ingress: [
            { from: "nodes", protocol: "tcp", firstPort: 80, lastPort: 90 },
            { from: "vms", protocol: "udp", firstPort: 53, lastPort: 53 },
            { from: "10.0.0.0/8", protocol: "any" },
          ],
        },
        { kind: "bridge", bridge: "br0", vlan: 7 },
      ],
      migration: { downtimeLimitMs: 50, maxBandwidthBytesPerSecond: 125_000_000 },
      powerState: "running",
    });
  });

  it("tells the host of the ways to move and to restart that are no defaults", () => {
    const migration = {
      mode: "cold",
      downtimeLimit: "30ms",
      transport: "auto",
      deadline: "5m",
      onDeadline: "stop",
      stallTimeout: "10s",
      shutdownTimeout: "2m",
    } as const;
    expect(specOfVm({ ...inputs, migration, restart: "always" }, {})).toMatchObject({
      migration: {
        downtimeLimitMs: 30,
        mode: "cold",
        transport: "auto",
        deadlineMs: 300_000,
        onDeadline: "stop",
        stallTimeoutMs: 10_000,
        shutdownTimeoutMs: 120_000,
      },
      restart: "always",
    });
  });

  it("takes a default written out for the same as one left out, as an older agent does not know the field", () => {
    expect(Object.keys(specOfVm(inputs, {}).migration).sort()).toEqual([
      "downtimeLimitMs",
      "maxBandwidthBytesPerSecond",
    ]);
    expect(specOfVm(inputs, {})).not.toHaveProperty("restart");
  });

  it("names GPU partitions with their hosts, and says nothing of none, as an older agent does not know the field", () => {
    const gpus = [
      { id: "a".repeat(26), node: "a-aaaaaaaa" },
      { id: "b".repeat(26), node: "b-bbbbbbbb" },
    ];
    expect(specOfVm({ ...inputs, gpus }, {}).gpus).toEqual([
      { partitionId: "a".repeat(26), nodeId: "a-aaaaaaaa" },
      { partitionId: "b".repeat(26), nodeId: "b-bbbbbbbb" },
    ]);
    expect(specOfVm(inputs, {})).not.toHaveProperty("gpus");
  });

  it("aims for a pause of 30 ms where nothing is said of moving", () => {
    const { migration: _left, boot: _out, ...rest } = inputs;
    const spec = specOfVm(rest, {});
    expect(spec.migration).toEqual({ downtimeLimitMs: 30 });
    expect(spec).not.toHaveProperty("boot");
  });
});
