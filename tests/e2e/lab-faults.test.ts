// The lab's faults on demand, and the snapshot that tells whether a host was left as it was found.
// Needs root on Linux. Makes a lab of its own name and removes it.

import { execFile } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { promisify } from "node:util";
import {
  addUserKey,
  bootHost,
  hideBinary,
  killHost,
  type Lab,
  labDown,
  labUp,
  regenerateHostKey,
  removeUserKey,
  restartSshd,
  snapshotHost,
  unhideBinary,
} from "../../provider/cli/lab/lab";
import { type LabLogin, runInside, runOverSsh } from "./enter-lab";

jest.setTimeout(60_000);
const run = promisify(execFile);
const name = `faults-${process.pid}`;
const scratch = mkdtempSync("/var/tmp/leea-lab-faults-");
let lab: Lab;

beforeAll(async () => {
  lab = await labUp({ name, hosts: ["a", "b"] });
});

afterAll(async () => {
  await labDown(name);
  rmSync(scratch, { recursive: true });
});

const inside = (host: string, text: string) => runInside(lab, host, text);
const overSsh = (user: string, command: string, login: LabLogin = {}) => runOverSsh(lab, user, command, login);

describe("faults on demand", () => {
  test("a hidden program cannot be run, over a boot too, until it is shown again", async () => {
    const find = "which wg || echo none";
    expect(await inside("a", find)).toBe("/usr/bin/wg");
    lab = await hideBinary(lab, "a", "/usr/bin/wg");
    expect(await inside("a", find)).toBe("none");
    expect(await inside("b", find)).toBe("/usr/bin/wg");
    lab = await bootHost(await killHost(lab, "a"), "a");
    expect(await inside("a", find)).toBe("none");
    lab = await unhideBinary(lab, "a", "/usr/bin/wg");
    expect(await inside("a", find)).toBe("/usr/bin/wg");
  });

  test("a new host key is noticed by those who know the old one", async () => {
    const knownHostsFile = `${scratch}/known_hosts`;
    copyFileSync(lab.knownHostsFile, knownHostsFile);
    lab = await regenerateHostKey(lab, "a");
    await expect(overSsh("root", "true", { knownHostsFile })).rejects.toThrow("HOST IDENTIFICATION HAS CHANGED");
    expect(await overSsh("root", "hostname")).toBe("a");
    expect(await overSsh("root", "hostname", { options: ["-p", "2222"] })).toBe("a");
  });

  test("a second key is let in beside the first, and shut out again", async () => {
    const identityFile = `${scratch}/key`;
    await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", identityFile]);
    const publicKey = (await run("cat", [`${identityFile}.pub`])).stdout;
    await expect(overSsh("ops", "whoami", { identityFile })).rejects.toThrow("Permission denied");
    await addUserKey(lab, publicKey);
    expect(await overSsh("ops", "whoami", { identityFile })).toBe("ops");
    expect(await overSsh("ops", "whoami")).toBe("ops");
    await removeUserKey(lab, publicKey);
    await expect(overSsh("ops", "whoami", { identityFile })).rejects.toThrow("Permission denied");
    expect(await overSsh("ops", "whoami")).toBe("ops");
  });

  test("an open session outlives a restart of its SSH server", async () => {
    const session = overSsh("root", "touch /run/in; while [ ! -e /run/out ]; do sleep 0.02; done; echo survived");
    await inside("a", "timeout 10 bash -c 'while [ ! -e /run/in ]; do sleep 0.02; done'");
    const before = await inside("a", "cat /run/sshd.pid");
    await restartSshd(lab, "a");
    expect(await inside("a", "cat /run/sshd.pid")).not.toBe(before);
    await inside("a", "touch /run/out");
    expect(await session).toBe("survived");
    await inside("a", "rm /run/in /run/out");
  });
});

describe("a snapshot of a host", () => {
  test("is the same text twice, whoever is logged in", async () => {
    const before = await snapshotHost(lab, "a");
    await overSsh("root", "true");
    expect(await snapshotHost(lab, "a")).toBe(before);
  });

  test("shows each kind of thing that is left behind, and no more once it is gone", async () => {
    const before = await snapshotHost(lab, "a");
    const made = [
      "ip link add left0 type bridge",
      "ip route add blackhole 10.9.8.7/32 table 77",
      "ip rule add from 10.9.8.7 lookup 77",
      "nft add table inet left",
      "sysctl -qw net.ipv4.ip_forward=1",
      "mkdir -p /opt/left /var/lib/leea",
      "echo left >/etc/left",
      "touch /run/left",
      "setsid -f sleep 4322 >/dev/null 2>&1",
    ];
    await inside("a", made.join("\n"));
    const after = await snapshotHost(lab, "a");
    const added = after.split("\n").filter((line) => !before.split("\n").includes(line));
    for (const trace of [
      "left0",
      "blackhole 10.9.8.7",
      "from 10.9.8.7",
      "table inet left",
      "ip_forward = 1",
      "/opt/left",
    ]) {
      expect(added.join("\n")).toContain(trace);
    }
    for (const trace of ["/var/lib/leea", "/etc/left", "/run/left", "sleep 4322"])
      expect(added.join("\n")).toContain(trace);
    const undone = [
      "ip link delete left0; ip route flush table 77; ip rule delete from 10.9.8.7; nft delete table inet left",
      "sysctl -qw net.ipv4.ip_forward=0; rm -r /opt/left /var/lib/leea /etc/left /run/left; pkill -fx 'sleep 4322'",
    ];
    await inside("a", undone.join("\n"));
    expect(await snapshotHost(lab, "a")).toBe(before);
  });
});
