// What a program's arguments become as inputs, seen by Pulumi's own mocks.

import * as pulumi from "@pulumi/pulumi";
import { GpuPartition, MeshNode, VM } from "../../../sdk/pulumi/src/index";

type Registered = { type: string; name: string; inputs: Record<string, unknown> };
let registered: Registered[] = [];

beforeEach(async () => {
  registered = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        registered.push({ type, name, inputs: inputs as Record<string, unknown> });
        const { mesh: _mesh, ...rest } = inputs as Record<string, unknown>;
        return {
          id: `${name}-aaaaaaaa`,
          state: {
            restart: "on-failure",
            ...rest,
            connection: { host: "an output", port: 22, user: "root" },
            address: "10.92.0.7",
          },
        };
      },
      call: ({ inputs }) => inputs as Record<string, unknown>,
    },
    "shop",
    "prod",
    false,
    "acme",
  );
});

async function settle<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply(resolve));
}

function inputsOf(name: string): Record<string, unknown> {
  const found = registered.find((resource) => resource.name === name);
  if (found === undefined) throw new Error(`${name} was not registered`);
  return found.inputs;
}

const mesh = { name: "prod" };

describe("a resource", () => {
  it("leaves the program's stacks as long as they were, and names the line of a mistake", () => {
    const { stackTraceLimit } = Error;
    const nameless = (): MeshNode => new MeshNode("", { mesh, connection: { host: "10.0.0.1" } });
    expect(nameless).toThrow(expect.objectContaining({ stack: expect.stringContaining("sdk.test.ts") }));
    expect(Error.stackTraceLimit).toBe(stackTraceLimit);
  });
});

describe("MeshNode", () => {
  it("has the type that a later plugin can take over", async () => {
    const a = new MeshNode("a", { mesh, connection: { host: "10.0.0.1" } });
    await settle(a.urn);
    expect(registered[0]?.type).toBe("pulumi-nodejs:dynamic/leea:MeshNode");
  });

  it("says who declares it, and takes its logical name", async () => {
    const a = new MeshNode("a", { mesh, connection: { host: "10.0.0.1" } });
    await settle(a.urn);
    expect(inputsOf("a")).toMatchObject({ owner: "acme/shop/prod", name: "a", peers: [] });
  });

  it("names its peers by id and declared connection", async () => {
    const a = new MeshNode("a", { mesh, connection: { host: "10.0.0.1" } });
    const b = new MeshNode("b", {
      mesh,
      connection: { host: "10.0.0.2" },
      peers: [a, { id: "x-bbbbbbbb", connection: { host: "10.0.0.9" } }],
    });
    await settle(b.urn);
    expect(inputsOf("b")["peers"]).toEqual([
      { id: "a-aaaaaaaa", connection: { host: "10.0.0.1" } },
      { id: "x-bbbbbbbb", connection: { host: "10.0.0.9" } },
    ]);
  });
});

describe("VM", () => {
  it("gives what was not declared as its host reports it", async () => {
    const a = new MeshNode("a", { mesh, connection: { host: "10.0.0.1" } });
    const vm = new VM("web", { node: a, vcpus: 1, memory: "64MiB" });
    expect(await settle(vm.restart)).toBe("on-failure");
    expect(await settle(vm.address)).toBe("10.92.0.7");
    expect(inputsOf("web")).not.toHaveProperty("restart");
  });

  it("turns its node into an id and the declared connection, never another output", async () => {
    const a = new MeshNode("a", { mesh, connection: { host: "10.0.0.1" } });
    const web = new VM("web", { node: a, vcpus: 1, memory: "1GiB" });
    await settle(web.urn);
    expect(inputsOf("web")).toMatchObject({
      owner: "acme/shop/prod",
      logicalName: "web",
      name: "web",
      node: "a-aaaaaaaa",
      nodeConnection: { host: "10.0.0.1" },
    });
  });

  it("takes a host of another stack by id and connection", async () => {
    const web = new VM("web", {
      node: { id: "z-zzzzzzzz", connection: { host: "10.0.0.5" } },
      vcpus: 1,
      memory: "1GiB",
    });
    await settle(web.urn);
    expect(inputsOf("web")).toMatchObject({ node: "z-zzzzzzzz", nodeConnection: { host: "10.0.0.5" } });
  });

  it("hands on what it does not know, so that the provider can name it", async () => {
    const web = new VM("web", {
      node: { id: "z-zzzzzzzz", connection: { host: "h" } },
      vcpus: 1,
      memory: "1GiB",
      memori: "2GiB",
    } as never);
    await settle(web.urn);
    expect(inputsOf("web")["memori"]).toBe("2GiB");
  });

  it("leaves a missing node to the provider's check", async () => {
    const web = new VM("web", { vcpus: 1, memory: "1GiB" } as never);
    await settle(web.urn);
    expect(inputsOf("web")).not.toHaveProperty("node");
  });

  it("has typed outputs", async () => {
    const web = new VM("web", { node: { id: "z-zzzzzzzz", connection: { host: "h" } }, vcpus: 1, memory: "1GiB" });
    const address: string = await settle(web.address);
    expect(address).toBe("10.92.0.7");
  });
});

describe("GpuPartition", () => {
  const connection = { host: "10.0.0.1" };

  it("turns its node into an id and the declared connection, and says who declares it under which name", async () => {
    const a = new MeshNode("a", { mesh, connection });
    const gpu = new GpuPartition("gpu", { node: a, device: { vendor: "nvidia", model: "L40S" } });
    await settle(gpu.urn);
    expect(inputsOf("gpu")).toMatchObject({
      owner: "acme/shop/prod",
      logicalName: "gpu",
      name: "gpu",
      node: "a-aaaaaaaa",
      nodeConnection: connection,
      device: { vendor: "nvidia", model: "L40S" },
    });
    expect(registered.find(({ name }) => name === "gpu")?.type).toBe("pulumi-nodejs:dynamic/leea:GpuPartition");
  });

  it("is taken by a VM as it stands, as its id and its host's, beside one of another stack", async () => {
    const a = new MeshNode("a", { mesh, connection });
    const gpu = new GpuPartition("gpu", { node: a, device: { address: "01:00.0" } });
    const other = { id: "y".repeat(26), node: "b-bbbbbbbb", connection };
    const web = new VM("web", { node: a, gpus: [gpu, other], vcpus: 1, memory: "1GiB" });
    await settle(web.urn);
    expect(inputsOf("web")["gpus"]).toEqual([
      { id: "gpu-aaaaaaaa", node: "a-aaaaaaaa" },
      { id: "y".repeat(26), node: "b-bbbbbbbb" },
    ]);
  });

  it("leaves what is no list to the provider's check, and declares none where there is none", async () => {
    const a = new MeshNode("a", { mesh, connection });
    const web = new VM("web", { node: a, gpus: "all" as never, vcpus: 1, memory: "1GiB" });
    const plain = new VM("plain", { node: a, vcpus: 1, memory: "1GiB" });
    await Promise.all([settle(web.urn), settle(plain.urn)]);
    expect(inputsOf("web")["gpus"]).toBe("all");
    expect(inputsOf("plain")).not.toHaveProperty("gpus");
  });
});
