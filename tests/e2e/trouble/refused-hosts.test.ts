// Hosts that cannot be nodes yet: what stands in the way is named with its mend, all at once and before anything is made;
// what other software of the host runs is the same afterwards. What is mended then works, and goes without a trace.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hideBinary, snapshotHost } from "../../../provider/cli/lab/lab";
import { meshNodeHandler } from "../../../provider/controller/handlers/mesh-node";
import { vmHandler } from "../../../provider/controller/handlers/vm";
import type { Connection } from "../../../provider/model/connection";
import { runInside } from "../enter-lab";
import { checkNode, closeWorld, connectionTo, openWorld, type World, withAgent } from "../world/world";
import { checkVm, declareHost, declareVm, errorOf, forgetConnections, makeNode, makeVm } from "./trouble-rig";

jest.setTimeout(120_000);
const folder = mkdtempSync(join(tmpdir(), "leea-hosts-"));
const qemu = execFileSync("readlink", ["-f", "/usr/bin/qemu-system-x86_64"], { encoding: "utf8" }).trim();
let world: World;

beforeAll(async () => {
  const opened = await openWorld("hosts", ["a", "b", "c"]);
  world = { ...opened, context: { ...opened.context, programFolder: folder } };
  for (const host of ["a", "b", "c"]) await inside(host, "rm -f /dev/kvm");
});

afterAll(async () => {
  await closeWorld(world);
  rmSync(folder, { recursive: true });
});

const inside = (host: string, text: string) => runInside(world.lab, host, text);

/** The host as it was, with no SSH session of ours on it. */
async function look(host: string): Promise<string> {
  forgetConnections();
  return snapshotHost(world.lab, host);
}

/** Tries to make the host a node and gives the error. */
async function refuse(host: string, fields: Record<string, unknown> = {}) {
  const reached: string[] = [];
  const inputs = await checkNode(world, declareHost(world, host, fields));
  const error = await errorOf(meshNodeHandler.create(inputs, world.context, (id) => void reached.push(id)));
  expect(reached).toEqual([]);
  return error;
}

test("a way in that is closed is told by its kind, and the host is as it was", async () => {
  const before = await look("a");
  const stranger = join(folder, "stranger");
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", stranger]);
  const nothing = join(folder, "known_hosts");
  writeFileSync(nothing, "");
  const { hostKey: _hostKey, ...unknown } = connectionTo(world, "a");
  const ways: Record<string, Connection> = {
    HOST_KEY_UNKNOWN: { ...unknown, knownHosts: nothing },
    HOST_KEY_CHANGED: { ...connectionTo(world, "a"), hostKey: connectionTo(world, "b").hostKey ?? "" },
    AUTHENTICATION_FAILED: { ...connectionTo(world, "a"), identity: stranger },
    SUDO_FAILED: { ...connectionTo(world, "a"), user: "limited" },
  };
  const errors = await Promise.all(Object.values(ways).map((connection) => refuse("a", { connection })));
  expect(errors.map(({ code }) => code)).toEqual(Object.keys(ways));
  for (const error of errors) expect(error.hint).toMatch(/\w/);
  expect(await look("a")).toBe(before);
});

describe("a host with software of its own", () => {
  // As Docker leaves it; a route of a site network; a BIRD that routes for it; a dnsmasq that serves every interface.
  const setUp = `
    nft 'table ip filter {
      chain DOCKER-USER { return; }
      chain FORWARD { type filter hook forward priority 0; policy drop; jump DOCKER-USER; iifname "docker0" accept; }
    }'
    ip route add 10.92.32.0/20 via $(ip route show default | awk '{print $3}')
    echo 'router id 192.0.2.1;
      protocol device { }
      protocol kernel { ipv4 { export all; }; }
      protocol static { ipv4; route 203.0.113.128/25 blackhole; }' >/etc/site-bird.conf
    bird -c /etc/site-bird.conf -s /run/site-bird.ctl -P /run/site-bird.pid
    mkdir -p /run/site
    dnsmasq --conf-file=/dev/null --port=53 --no-resolv --pid-file=/run/site/dnsmasq.pid --user=root
    for n in $(seq 100); do ip route show | grep -q 203.0.113.128 && exit; sleep 0.1; done
    exit 1`;
  // What the site's own software is and does, apart from all else on the host.
  const foreign = `
    for file in /run/site-bird.pid /run/site/dnsmasq.pid; do tr '\\0' ' ' </proc/$(cat $file)/cmdline; cat $file; done
    birdc -s /run/site-bird.ctl show route | tail -n +2 | sed 's,.static1 [^ ]*,,'
    ip route show proto bird table main | grep -v 'metric 1024' | sort
    nft -s list table ip filter`;
  const mend = `
    ip route del 10.92.32.0/20
    kill $(cat /run/site/dnsmasq.pid)
    for n in $(seq 100); do ss -Hlnu sport = :53 | grep -q . || break; sleep 0.1; done
    dnsmasq --conf-file=/dev/null --port=53 --no-resolv --bind-dynamic --interface=br-lan \\
      --pid-file=/run/site/dnsmasq.pid --user=root`;
  let before: string;

  beforeAll(async () => {
    await inside("a", setUp);
    before = await look("a");
  });

  test("is told everything that stands in the way with its mend, and is as it was", async () => {
    const error = await refuse("a");
    expect(error.code).toBe("NETWORK_CONFLICT");
    const conflicts = error.details?.["conflicts"] as { what: string; mend: string }[];
    const words = conflicts.map(({ what, mend: advice }) => `${what}: ${advice}`);
    expect(words).toEqual([
      expect.stringMatching(
        /route 10\.92\.32\.0\/20 on eth0, which overlaps the mesh's range 10\.92\.0\.0\/16: Found the mesh with another/,
      ),
      expect.stringMatching(
        /"ip filter FORWARD" drops forwarded.*nft insert rule ip filter FORWARD iifname '"leea\*"'/,
      ),
      expect.stringMatching(/dnsmasq serves DNS over TCP \(port 53\) on every interface.*bind-dynamic/),
      expect.stringMatching(/dnsmasq serves DNS \(port 53\) on every interface.*bind-dynamic/),
    ]);
    for (const line of words) expect(error.text).toContain(line);
    expect(await look("a")).toBe(before);
  });

  test("becomes a node when the mends were done, and what it ran runs on untouched, its BIRD beside ours", async () => {
    const error = await refuse("a");
    const commands = [...error.message.matchAll(/`(nft insert [^`]+)`/g)].map(([, command]) => command ?? "false");
    expect(commands).toHaveLength(2);
    await inside("a", [...commands, mend].join("\n"));
    const [ofSite, all] = [await inside("a", foreign), await look("a")];
    const node = await makeNode(world, "a");
    const vm = await makeVm(world, "web", "a");
    expect(vm.known.outputs["state"]).toBe("running");
    expect(await inside("a", foreign)).toBe(ofSite);
    const { conflicts } = await withAgent(world, "a", (session) => session.call("getNode", {}));
    expect(conflicts).toEqual([]);
    await vmHandler.delete(vm.id, vm.known, world.context);
    await meshNodeHandler.delete(node.id, node.known, world.context);
    world.nodes.delete("a");
    expect(await inside("a", foreign)).toBe(ofSite);
    expect(await look("a")).toBe(all);
  });
});

describe("a host without QEMU", () => {
  // Takes the place of the package manager: it notes how it was called, and "installs" by uncovering the program.
  const aptStub = `#!/bin/sh
echo "$DEBIAN_FRONTEND apt-get $*" >>/run/apt.log
/usr/sbin/policy-rc.d; echo "services may start: $?" >>/run/apt.log
case $1 in install) umount ${qemu} ;; esac`;

  beforeAll(async () => {
    await inside(
      "b",
      `rm -f /usr/bin/apt-get /usr/sbin/policy-rc.d; echo '${aptStub}' >/usr/bin/apt-get; chmod 755 /usr/bin/apt-get`,
    );
    world.lab = await hideBinary(world.lab, "b", qemu);
  });

  test("names the package and the line to install it, and installs nothing unasked", async () => {
    const before = await look("b");
    const error = await refuse("b");
    expect(error).toMatchObject({ code: "PACKAGES_MISSING", details: { packages: ["qemu-system-x86"] } });
    expect(error.text).toContain("lacks qemu-system-x86_64 (for running VMs)");
    expect(error.text).toContain("apt-get install --no-install-recommends -y qemu-system-x86");
    expect(await look("b")).toBe(before);
  });

  test("gets it with setup, told before it happens, without a service being started", async () => {
    const node = await makeNode(world, "b", { setup: true });
    expect(world.notes).toContain("b: installs qemu-system-x86");
    expect((await inside("b", "cat /run/apt.log")).split("\n")).toEqual([
      "noninteractive apt-get update -q",
      "services may start: 101",
      "noninteractive apt-get install -y -q --no-install-recommends qemu-system-x86",
      "services may start: 101",
    ]);
    expect(await inside("b", "ls /usr/sbin/policy-rc.d 2>/dev/null || echo none")).toBe("none");
    expect(node.known.outputs["qemuVersion"]).toMatch(/^\d+\.\d+\.\d+$/);
    const { installedBySetup } = await withAgent(world, "b", (session) => session.call("getNode", {}));
    expect(installedBySetup).toEqual(["qemu-system-x86"]);
  });
});

describe("a host reached by a login with sudo, where sshd forbids to forward, and whose storage is short", () => {
  const storagePath = "/srv/small/leea";
  const connection = () => ({ ...connectionTo(world, "c"), user: "ops", port: 2222 });
  const place = () => ({ nodeConnection: connection() });
  let before: string;

  beforeAll(async () => {
    await inside(
      "c",
      `mkdir -p /srv/small /srv/taken/images
      mount -t tmpfs -o size=48m tmpfs /srv/small
      echo mine >/srv/taken/images/photo`,
    );
    before = await look("c");
  });

  test("is refused a storage path that holds something of the user's", async () => {
    const error = await refuse("c", { connection: connection(), storagePath: "/srv/taken" });
    expect(error).toMatchObject({
      code: "CONFLICT",
      message: expect.stringContaining("storagePath: /srv/taken/images"),
    });
    expect(await inside("c", "cat /srv/taken/images/photo")).toBe("mine");
    expect(await look("c")).toBe(before);
  });

  test("becomes a node whose disks are under its storage path from the first one on", async () => {
    await makeNode(world, "c", { connection: connection(), storagePath });
    const vm = await makeVm(world, "small", "c", place());
    expect(await inside("c", `stat -c %s ${storagePath}/vm/${vm.id}/disks/root.raw`)).toBe("1048576");
    expect((await inside("c", "ls /var/lib/leea")).split("\n")).not.toContain("vm");
    await vmHandler.delete(vm.id, vm.known, world.context);
    expect(await inside("c", `ls ${storagePath}/vm`)).toBe("");
  });

  test("refuses a disk that is larger than the room, with the path", async () => {
    const disks = [{ name: "root", size: "1GiB" }];
    const inputs = await checkVm(world, declareVm(world, "large", "c", { ...place(), disks }));
    const error = await errorOf(vmHandler.create(inputs, world.context, () => undefined));
    expect(error.code).toBe("PREFLIGHT_FAILED");
    expect(error.message).toMatch(/disks: 1024 MiB are more than the 4\d MiB free under \/srv\/small\/leea/);
  });

  test("refuses an image that does not fit, and keeps no part of it", async () => {
    writeFileSync(join(folder, "large.img"), "");
    truncateSync(join(folder, "large.img"), 64 * 1024 ** 2);
    const disks = [{ name: "root", size: "64MiB", image: "large.img" }];
    const inputs = await checkVm(world, declareVm(world, "imaged", "c", { ...place(), disks }));
    const error = await errorOf(vmHandler.create(inputs, world.context, () => undefined));
    expect(error).toMatchObject({
      code: "DISK_SPACE_SHORT",
      message: expect.stringContaining(storagePath),
      hint: expect.stringContaining("storagePath"),
    });
    expect(await inside("c", `find ${storagePath} -type f`)).toBe("");
  });

  test("and is as it was when it has left", async () => {
    const node = world.nodes.get("c");
    if (node === undefined) throw new Error("the host never became a node");
    await meshNodeHandler.delete(node.id, node.known, world.context);
    expect(await look("c")).toBe(before);
    expect(await inside("c", "ls /srv/small")).toBe("");
  });
});
