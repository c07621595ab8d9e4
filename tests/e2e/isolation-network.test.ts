// What a VM may reach and who may reach it: the outside by its host's own uplink and never through the mesh, its own host
// not at all, other VMs only where they let it in, and nobody under another's address.

import type { GuestConnection } from "../../provider/cli/story/guest-answers";
import { runInside } from "./enter-lab";
import { startCapture } from "./world/capture";
import { startCount, stopCount } from "./world/packet-count";
import { createVm, type TrackedVm } from "./world/tracked-vm";
import { waitFor } from "./world/wait-for";
import { closeWorld, connectionTo, joinInARow, nodeOf, openWorld, type World } from "./world/world";

jest.setTimeout(180_000);

const web = "203.0.113.10";
/** The test guest's control port, without which nobody could ask it anything. */
const control = { from: "nodes", protocol: "udp", ports: "7000" };
let world: World;
/** On a: lets every host in. */
let own: TrackedVm;
/** On a: lets hosts in on port 80, and no VM. */
let stranger: TrackedVm;
/** On b: lets `own` in on port 80 and by UDP, and no host. */
let friend: TrackedVm;

beforeAll(async () => {
  world = await openWorld("isolation", ["a", "b"]);
  await joinInARow(world, ["a", "b"]);
  const quiet = "leea.write=0 leea.dirty=0 leea.ws=0";
  const guest = (ingress: readonly object[]) => ({
    guest: quiet,
    fields: { memory: "96MiB", nics: [{ mesh: { ingress } }] },
  });
  own = await createVm(world, "own", "a", guest([{ from: "nodes" }]));
  stranger = await createVm(world, "stranger", "a", guest([control, { from: "nodes", protocol: "tcp", ports: "80" }]));
  const fromOwn = `${own.outputs.address}/32`;
  const rules = [
    control,
    { from: fromOwn, protocol: "tcp", ports: "80" },
    { from: fromOwn, protocol: "udp", ports: "7009" },
  ];
  friend = await createVm(world, "friend", "b", guest(rules));
  for (const vm of [own, stranger, friend]) await vm.booted("a");
});

afterAll(() => closeWorld(world));

const nodeAddress = (host: string, field: string) => String(nodeOf(world, host).known.outputs[field]);
const connect = (target: string, port: number): Promise<GuestConnection> => own.ask("a", `connect ${target} ${port}`);
const refused = { connected: false };

/** Whether a host opens a TCP connection: "yes" or "no" within 3 s. */
const hostReaches = (host: string, target: string, port: number) =>
  runInside(
    world.lab,
    host,
    `timeout 3 bash -c 'exec 3<>/dev/tcp/${target}/${port}' 2>/dev/null && echo yes || echo no`,
  );

describe("a VM to the outside", () => {
  test("leaves by its host's uplink under that host's address, with no packet of its own in the mesh", async () => {
    const { address } = own.outputs;
    const inMesh = { hook: "raw", match: `iifname "leeal*" ip saddr ${address}` } as const;
    const toMesh = { hook: "out", match: `oifname "leeal*" ip saddr ${address}` } as const;
    for (const host of ["a", "b"]) await startCount(world, host, { inMesh, toMesh });
    const uplinkOfA = connectionTo(world, "a").host;
    const fromA = await startCapture(world, {
      place: "inet",
      device: "uplink",
      filter: `src ${uplinkOfA} and tcp port 80`,
    });
    const bare = await startCapture(world, { place: "inet", device: "uplink", filter: `host ${address}` });
    expect(await connect(web, 80)).toMatchObject({ connected: true });
    expect(await own.ask("a", `ping ${web}`)).toEqual({ sent: 3, received: 3 });
    expect((await fromA.stop()).packets).toBeGreaterThanOrEqual(2);
    expect((await bare.stop()).packets).toBe(0);
    for (const host of ["a", "b"]) expect(await stopCount(world, host)).toEqual({ inMesh: 0, toMesh: 0 });
  });

  test("finds names by its host", async () => {
    expect(await own.ask("a", "resolve example.test")).toMatchObject({ addresses: [web] });
  });
});

describe("a VM to its own host", () => {
  test("reaches no service on any of the host's addresses", async () => {
    const addresses = [connectionTo(world, "a").host, nodeAddress("a", "meshAddress"), "169.254.1.1"];
    for (const address of addresses) expect([address, await connect(address, 22)]).toMatchObject([address, refused]);
    expect(await connect(nodeAddress("a", "meshAddress"), 51720)).toMatchObject(refused);
    // The same ports answer those they are meant for, so the test can fail.
    expect(await hostReaches("b", connectionTo(world, "a").host, 22)).toBe("yes");
    expect(await hostReaches("b", nodeAddress("a", "meshAddress"), 51720)).toBe("yes");
  });

  test("reaches no service of another host through the mesh", async () => {
    for (const port of [22, 51720]) expect(await connect(nodeAddress("b", "meshAddress"), port)).toMatchObject(refused);
  });
});

describe("a VM to another VM", () => {
  test("is let in where that one's ingress names it, on the ports named and no others", async () => {
    expect(await connect(friend.outputs.address, 80)).toMatchObject({
      connected: true,
      data: expect.stringMatching(/^leea guest/),
    });
    expect(await connect(friend.outputs.address, 7001)).toMatchObject(refused);
  });

  test("is kept out where nothing names it, on the same host too", async () => {
    for (const port of [80, 7001]) expect(await connect(stranger.outputs.address, port)).toMatchObject(refused);
    expect(await own.ask("a", `ping ${stranger.outputs.address}`)).toMatchObject({ received: 0 });
  });
});

describe("a host to a VM", () => {
  test("opens what is declared and nothing else, unless it is the VM's own host", async () => {
    expect(await hostReaches("b", stranger.outputs.address, 80)).toBe("yes");
    expect(await hostReaches("b", stranger.outputs.address, 7001)).toBe("no");
    expect(await hostReaches("a", friend.outputs.address, 80)).toBe("no");
    expect(await hostReaches("b", friend.outputs.address, 80)).toBe("yes");
  });

  test("follows a changed declaration with the guest running on", async () => {
    const { bootId } = await stranger.ask("a", "status");
    await stranger.update("a", { nics: [{ mesh: { ingress: [control] } }] });
    await waitFor("a closed port", async () => (await hostReaches("b", stranger.outputs.address, 80)) === "no");
    expect((await stranger.ask("a", "status")).bootId).toBe(bootId);
  });
});

describe("a forged source", () => {
  test("is dropped before it is routed, and a true one from the same card is not", async () => {
    const forged = { match: `udp dport 7009 ip saddr ${stranger.outputs.address}` };
    const honest = { match: `udp dport 7009 ip saddr ${own.outputs.address}` };
    await startCount(world, "a", {
      forgedIn: { hook: "raw", ...forged },
      forgedOut: { hook: "out", ...forged },
      honestIn: { hook: "raw", ...honest },
      honestOut: { hook: "out", ...honest },
    });
    const target = friend.outputs.address;
    await own.ask("a", `forge ${stranger.outputs.address} ${target}`);
    await own.ask("a", `forge ${own.outputs.address} ${target}`);
    expect(await stopCount(world, "a")).toEqual({ forgedIn: 1, forgedOut: 0, honestIn: 1, honestOut: 1 });
  });
});
