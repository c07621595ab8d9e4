// The lab from outside: what a host of it is and can do, and what it cannot reach.
// Needs root on Linux. Makes a lab of its own name and removes it.

import { execFile } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { promisify } from "node:util";
import { bootHost, killHost, type Lab, labDown, labExecArgv, labUp, reinstallHost } from "../../provider/cli/lab/lab";
import { type LabLogin, runInside, runOverSsh } from "./enter-lab";

jest.setTimeout(60_000);
const run = promisify(execFile);
const name = `test-${process.pid}`;
let lab: Lab;

beforeAll(async () => {
  lab = await labUp({ name, hosts: ["a", "b"] });
});

afterAll(async () => {
  await labDown(name);
});

const inside = (host: string, text: string) => runInside(lab, host, text);
const overSsh = (user: string, command: string, login: LabLogin = {}) => runOverSsh(lab, user, command, login);

describe("a host of the lab", () => {
  test("has its own name, processes, interfaces and /run", async () => {
    expect(await inside("a", "hostname; cat /etc/hostname; ls /sys/class/net; readlink /var/run")).toBe(
      "a\na\nbr-lan\neth0\nlan0\nlo\n/run",
    );
    expect(await inside("a", "tr '\\0' ' ' </proc/1/cmdline")).toContain("host.sh boot");
    expect(await inside("a", "stat -c %F /dev/net/tun /dev/pts/ptmx")).toBe(
      "character special file\ncharacter special file",
    );
  });

  test("lets root, ops and limited in by key, on both ports", async () => {
    for (const user of ["root", "ops", "limited"]) {
      expect(await overSsh(user, "whoami; hostname")).toBe(`${user}\na`);
      expect(await overSsh(user, "whoami", { options: ["-p", "2222"] })).toBe(user);
    }
  });

  test("lets ops become root and asks limited for a password", async () => {
    expect(await overSsh("ops", "sudo -n id -u")).toBe("0");
    await expect(overSsh("limited", "sudo -n id -u")).rejects.toThrow("a password is required");
  });

  test("forwards sockets on its usual port and refuses to on the other", async () => {
    const forwardTo = (port: string) => overSsh("root", "", { options: ["-p", port, "-W", "127.0.0.1:22"] });
    await expect(forwardTo("2222")).rejects.toThrow(/administratively prohibited/);
    // The forwarded server greets, gets the end of our input, and closes.
    expect(await forwardTo("22")).toMatch(/^SSH-2\.0-/);
  });

  test("is set up as a plain Debian host is: no forwarding, loose reverse path filter", async () => {
    const values = "ip_forward conf/all/rp_filter conf/default/rp_filter conf/eth0/rp_filter conf/eth0/send_redirects";
    expect(await inside("a", `cd /proc/sys/net/ipv4; cat ${values}`)).toBe("0\n0\n2\n2\n1");
  });

  test("reaps orphans", async () => {
    const orphan = await inside("a", "(sleep 0.3 >/dev/null 2>&1 & echo $!)");
    expect(await inside("a", `awk '/^PPid:/ { print $2 }' /proc/${orphan}/status`)).toBe("1");
    await inside("a", `timeout 5 bash -c 'while [ -e /proc/${orphan} ]; do sleep 0.02; done'`);
  });
});

describe("an edit on a host", () => {
  test("does not reach the machine", async () => {
    const files = [
      "/etc",
      "/usr/bin",
      "/usr/local",
      "/opt",
      "/root",
      "/home",
      "/var/lib",
      "/var/log",
      "/tmp",
      "/run",
      "/dev",
    ];
    const paths = files.map((folder) => `${folder}/${name}`);
    await inside(
      "a",
      `touch ${paths.join(" ")}; rm /etc/debian_version; chmod 600 /dev/null; ip link add probe type bridge`,
    );
    expect(paths.filter((path) => existsSync(path))).toEqual([]);
    expect(existsSync("/sys/class/net/probe")).toBe(false);
    expect(existsSync("/etc/debian_version")).toBe(true);
    expect(statSync("/dev/null").mode & 0o777).toBe(0o666);
    await expect(inside("a", "echo 1 >/proc/sys/vm/swappiness")).rejects.toThrow("Read-only file system");
    await inside("a", "chmod 666 /dev/null; ip link delete probe");
    expect(await inside("b", `ls /etc | grep -c ${name} || :`)).toBe("0");
  });
});

describe("the network", () => {
  const fetchText = 'exec 3<>/dev/tcp/203.0.113.10/80; printf "GET / HTTP/1.0\\r\\n\\r\\n" >&3; tail -n 1 <&3';

  test("hosts reach the fake internet by their uplink", async () => {
    for (const host of lab.hosts) expect(await inside(host.name, fetchText)).toBe(host.address);
    expect(await inside("a", "getent hosts example.test")).toMatch(/^203\.0\.113\.10\s+example\.test$/);
    expect(await inside("a", "exec 3<>/dev/udp/203.0.113.10/7; echo ping >&3; timeout 5 head -c 5 <&3")).toBe("ping");
  });

  test("the fake internet answers no address that is not a host's", async () => {
    await inside("a", "ip address add 10.100.0.5/32 dev lo");
    const ping = (from: string) =>
      inside("a", `ping -c 1 -W 1 -I ${from} 203.0.113.10 >/dev/null && echo yes || echo no`);
    expect(await ping(lab.hosts[0]?.address ?? "")).toBe("yes");
    expect(await ping("10.100.0.5")).toBe("no");
    await inside("a", "ip address delete 10.100.0.5/32 dev lo");
  });

  test("the LAN gives addresses to what joins a host's bridge", async () => {
    // A DHCP DISCOVER (RFC 2131): broadcast flag set, message type 1; the answer's yiaddr stands at byte 16.
    const client = `const socket = require("node:dgram").createSocket("udp4"); const ask = Buffer.alloc(300);
      ask.set([1, 1, 6, 0, 9, 9, 9, 9]); ask[10] = 128; ask.set([2, 0, 0, 0, 0, 7], 28);
      ask.set([99, 130, 83, 99, 53, 1, 1, 255], 236);
      socket.on("message", (answer) => { console.log(answer.subarray(16, 20).join(".")); socket.close(); });
      socket.bind(68, () => { socket.setBroadcast(true); socket.send(ask, 67, "255.255.255.255"); });`;
    await inside("b", "ip route add 255.255.255.255 dev br-lan; ip address add 192.168.77.9/24 dev br-lan");
    const [program = "", ...args] = labExecArgv(lab, "b", ["timeout", "10", "node", "-e", client]);
    expect((await run(program, args)).stdout.trim()).toMatch(/^192\.168\.77\.1\d\d$|^192\.168\.77\.200$/);
    await inside("b", "ip address delete 192.168.77.9/24 dev br-lan");
  });
});

describe("power", () => {
  test("a power cut loses /run and keeps the disk and the host key", async () => {
    await inside("a", "echo kept >/var/lib/kept; echo lost >/run/lost; setsid -f sleep 4321 >/dev/null 2>&1");
    const before = lab.hosts[0];
    lab = await killHost(lab, "a");
    expect(lab.hosts[0]?.pid).toBeNull();
    await expect(run("pgrep", ["-fx", "sleep 4321"])).rejects.toMatchObject({ code: 1 });
    expect(() => labExecArgv(lab, "a", ["true"])).toThrow("its power is off");
    lab = await bootHost(lab, "a");
    expect(await inside("a", "cat /var/lib/kept; ls /run/lost 2>/dev/null || echo gone")).toBe("kept\ngone");
    expect({ ...lab.hosts[0], pid: 0, startTime: "" }).toEqual({ ...before, pid: 0, startTime: "" });
    expect(await overSsh("root", "hostname")).toBe("a");
  });

  test("a host installed anew has an empty disk and another key", async () => {
    const before = lab.hosts[1]?.hostKey;
    await inside("b", "touch /var/lib/old");
    lab = await reinstallHost(lab, "b");
    expect(await inside("b", "ls /var/lib/old 2>/dev/null || echo gone")).toBe("gone");
    expect(lab.hosts[1]?.hostKey).not.toBe(before);
  });
});
