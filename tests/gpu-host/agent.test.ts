// leea on hosts with the real kernel: installed over SSH as on any host, joined to a mesh, GPUs handed out, trouble met,
// power cut, and taken away without a trace.

import { LeeaWorld } from "./rig/leea-world";
import { GpuMove } from "./with-agent/gpu-move";
import { describeMeshJoin } from "./with-agent/mesh-join";
import { describePartitions } from "./with-agent/partitions-live";
import { describePowerCut } from "./with-agent/power-cut";
import { describePulumiUp } from "./with-agent/pulumi-up";
import { describeRefusals } from "./with-agent/refusals";
import { describeTrouble } from "./with-agent/trouble";

jest.setTimeout(900_000);
const world = new LeeaWorld();
const move = new GpuMove(world);

beforeAll(async () => {
  await world.open();
  move.begin();
});

afterAll(async () => {
  move.end();
  await world.close();
});

describeMeshJoin(world);
describePartitions(world);
describe("what cannot be had", () => {
  describeRefusals(world);
});
describe("a partition in trouble", () => {
  describeTrouble(world);
});
describe("a VM with a GPU", () => {
  move.describe();
});
describe("a host whose power is cut", () => {
  describePowerCut(world);
});
describe("the example under Pulumi", () => {
  describePulumiUp(world);
});

describe("both hosts", () => {
  test("are as they were once their nodes are deleted", async () => {
    const { before, now } = await world.leave();
    expect(now).toEqual(before);
  });
});
