// A state as it lies in a file becomes one of today's schema, through every upgrade that its version still needs. No upgrade
// was needed yet, so the chain is shown with upgrades of this test's own; the RPC is asked with the real ones.

import type { StateUpgrade } from "../../../provider/terraform/planning/state-upgrades";
import { upgrade } from "../../../provider/terraform/rpc/resource/upgrade-resource-state";
import type { AttributeValue } from "../../../provider/terraform/wire/unknown-attribute";
import { terraformSchemaVersion } from "../../../schema/terraform/emit-terraform";
import { type Attributes, ResourceCalls } from "./rig/call-provider";
import { type FakeProvider, startFakeProvider } from "./rig/fake-provider";

const objectOf = (state: AttributeValue) => state as Attributes;

/** A field that is called otherwise in version 1. */
const renamed: StateUpgrade = (state) => {
  const { ram, ...rest } = objectOf(state);
  return { ...rest, memory: ram ?? null };
};

/** A text that is a list in version 2, whose items say what version 1 called memory: it cannot come first. */
const listed: StateUpgrade = (state) => {
  const { disk, ...rest } = objectOf(state);
  return { ...rest, disks: [{ name: disk ?? null, besides: rest["memory"] ?? null }] };
};

const upgrades = [renamed, listed];
const today = { name: "web", memory: "1GiB", disks: [{ name: "data", besides: "1GiB" }] };

test.each<[number, Attributes]>([
  [0, { name: "web", ram: "1GiB", disk: "data" }],
  [1, { name: "web", memory: "1GiB", disk: "data" }],
  [2, today],
])("a state of version %d becomes one of today's, by the upgrades after it and in their order", (version, state) => {
  expect(upgrade(state, version, upgrades)).toEqual(today);
});

test("a version that is newer than the last upgrade is refused, and no upgrade touches it", () => {
  const touched = jest.fn();
  expect(() => upgrade(today, 3, [touched, touched])).toThrow("written by a newer version of the provider (schema 3;");
  expect(touched).not.toHaveBeenCalled();
});

describe("by the RPC", () => {
  let fake: FakeProvider;
  let vms: ResourceCalls;

  beforeAll(async () => {
    fake = await startFakeProvider(["a"]);
    vms = new ResourceCalls(fake, "leea_vm");
  });
  afterAll(() => fake.stop());

  const json = JSON.stringify({ id: "v", name: "web", vcpus: 1, cpu_sockets: 2 });

  test("a state of today's version is one of today's schema: what it lacks is null, what is unknown to it is dropped", async () => {
    const { errors, state } = await vms.upgrade(terraformSchemaVersion, json);
    expect(errors).toEqual([]);
    expect(state).toMatchObject({ id: "v", name: "web", vcpus: 1, memory: null, disks: null });
    expect(state).not.toHaveProperty("cpu_sockets");
  });

  test("a state of a newer version is refused with both versions and the way on", async () => {
    const newer = terraformSchemaVersion + 1;
    const { errors, state } = await vms.upgrade(newer, json);
    expect(state).toBeUndefined();
    expect(errors).toEqual([
      expect.stringContaining(
        `newer version of the provider (schema ${newer}; this one knows ${terraformSchemaVersion})`,
      ),
    ]);
    expect(errors[0]).toContain("Run `terraform init -upgrade`.");
  });

  test.each(["", "{", "[]", '"web"'])("a state that is %j is refused, and is not shown", async (text) => {
    const { errors, state } = await vms.upgrade(terraformSchemaVersion, text);
    expect([state, errors]).toEqual([undefined, [expect.stringContaining("cannot be read")]]);
  });
});
