// The lab's life: made once, left alone when healthy, mended after a crash at any point, gone without a trace.
// Needs root on Linux. Makes labs of its own names and removes them.

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { promisify } from "node:util";
import { buildSync } from "esbuild";
import { killHost, type Lab, labDown, labUp, readLab } from "../../provider/cli/lab/lab";
import { runInside, runOverSsh } from "./enter-lab";

jest.setTimeout(120_000);
const run = promisify(execFile);
const name = `life-${process.pid}`;
const other = `${name}-other`;
const scratch = mkdtempSync("/var/tmp/leea-lab-life-");
const command = `${scratch}/lab.cjs`;

beforeAll(() => {
  const contents = `import { labCommand } from "./provider/cli/lab/lab-command";
    labCommand(process.argv.slice(2)).then((status) => { process.exitCode = status; },
      (error) => { console.error(String(error)); process.exitCode = 1; });`;
  const stdin = { contents, resolveDir: process.cwd(), loader: "ts" } as const;
  buildSync({ stdin, bundle: true, platform: "node", outfile: command, logLevel: "warning" });
});

afterEach(async () => {
  await labDown(name);
  await labDown(other);
});

afterAll(() => rmSync(scratch, { recursive: true }));

/** For every process of this machine, what `look` gives; a process that ends meanwhile gives nothing. */
function lookAtProcesses<Result>(look: (directory: string) => Result): Result[] {
  const pids = readdirSync("/proc").filter((entry) => /^\d+$/.test(entry));
  return pids.flatMap((pid) => {
    try {
      return [look(`/proc/${pid}`)];
    } catch {
      // It ended between the listing and the look.
      return [];
    }
  });
}

/** The argument lists of this machine's processes that name the lab's folder. */
function processesOf(lab: string): string[] {
  const lines = lookAtProcesses((directory) => readFileSync(`${directory}/cmdline`, "utf8").replaceAll("\0", " "));
  return lines.filter((line) => line.includes(`/${lab}/`));
}

function namespacesOf(directory: string): string[] {
  return ["net", "mnt", "pid", "uts", "ipc"].map((kind) => readlinkSync(`${directory}/ns/${kind}`));
}

function mountsOf(lab: string): string[] {
  return [...new Set(lookAtProcesses((directory) => readFileSync(`${directory}/mountinfo`, "utf8")))]
    .flatMap((text) => text.split("\n"))
    .filter((line) => line.includes(`/${lab}/`));
}

function cgroupsOf(slot: number): string[] {
  const trees = ["/sys/fs/cgroup", ...readdirSync("/sys/fs/cgroup").map((tree) => `/sys/fs/cgroup/${tree}`)];
  return trees.filter((tree) => existsSync(`${tree}/leea-lab/${slot}`));
}

async function until(what: string, holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`never happened: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

async function expectWhole(lab: Lab): Promise<void> {
  expect(readLab(lab.name)).toEqual(lab);
  for (const { name: host } of lab.hosts) {
    await runInside(lab, host, "ping -c 1 -W 2 203.0.113.10");
    expect(await runOverSsh(lab, "ops", "hostname", { host })).toBe(host);
  }
  // Each host and each segment runs once: its first process, and the one outside that waits for it.
  const count = (script: string) => processesOf(lab.name).filter((line) => line.includes(script)).length;
  expect([count("/host.sh boot"), count("/inet.sh"), count("/lan.sh")]).toEqual([lab.hosts.length * 2, 2 + 2, 2 + 1]);
}

describe("lab up", () => {
  test("of a healthy lab changes nothing", async () => {
    const lab = await labUp({ name });
    const record = statSync(`${lab.directory}/lab.json`);
    expect(lab.hosts.map((host) => host.name)).toEqual(["a", "b", "c"]);
    expect(await labUp({ name })).toEqual(lab);
    expect(statSync(`${lab.directory}/lab.json`).ino).toBe(record.ino);
    await expectWhole(lab);
  });

  test("boots only the host that is off, and adds hosts beside those that run", async () => {
    const lab = await labUp({ name, hosts: ["a", "b"] });
    await killHost(lab, "b");
    const mended = await labUp({ name, hosts: ["a", "b", "c"] });
    expect(mended.hosts[0]).toEqual(lab.hosts[0]);
    expect(mended.hosts[1]?.hostKey).toBe(lab.hosts[1]?.hostKey);
    expect(mended.hosts[1]?.pid).not.toBe(lab.hosts[1]?.pid);
    expect(mended.hosts[2]?.name).toBe("c");
    await expectWhole(mended);
  });

  test("mends a lab whose fake internet died and whose record was torn, and keeps its disks", async () => {
    const lab = await labUp({ name, hosts: ["a"] });
    await runInside(lab, "a", "touch /var/lib/kept");
    process.kill(lab.inet?.pid ?? 0, "SIGKILL");
    writeFileSync(`${lab.directory}/lab.json`, '{"name": "li');
    const mended = await labUp({ name, hosts: ["a"] });
    expect(await runInside(mended, "a", "ls /var/lib/kept")).toBe("/var/lib/kept");
    expect(mended.hosts[0]?.hostKey).toBe(lab.hosts[0]?.hostKey);
    await expectWhole(mended);
  });

  const milestones: readonly [string, () => boolean][] = [
    ["it has begun", () => existsSync(`/var/lib/leea-lab/${name}`)],
    ["its record stands", () => readLab(name) !== "absent"],
    ["its internet starts", () => processesOf(name).some((line) => line.includes("/inet.sh"))],
    ["a host enters", () => processesOf(name).some((line) => line.includes("/host.sh"))],
    ["a host's disk is installed", () => existsSync(`/var/lib/leea-lab/${name}/hosts/b/installed`)],
    ["a host is ready", () => processesOf(name).filter((line) => line.includes("/host.sh boot")).length >= 6],
  ];
  test.each(milestones)("after a kill -9 when %s makes a whole lab", async (what, holds) => {
    const child: ChildProcess = spawn(process.execPath, [command, "up", "--name", name], { stdio: "ignore" });
    const ended = once(child, "close");
    await until(what, holds);
    child.kill("SIGKILL");
    await ended;
    const lab = await labUp({ name });
    expect(lab.hosts).toHaveLength(3);
    await expectWhole(lab);
  });

  test("run twice at once makes one lab, and labs of other names stand beside it", async () => {
    const [first, same, beside] = await Promise.all([
      labUp({ name, hosts: ["a"] }),
      labUp({ name, hosts: ["a"] }),
      labUp({ name: other, hosts: ["a"] }),
    ]);
    expect(same).toEqual(first);
    expect(beside.slot).not.toBe(first.slot);
    await expectWhole(first);
    await expectWhole(beside);
    await labDown(other);
    await expectWhole(first);
  });

  test("refuses names that could not be interfaces or folders", async () => {
    await expect(labUp({ name: "../x" })).rejects.toMatchObject({ code: "INPUT_INVALID" });
    await expect(labUp({ name, hosts: ["a b"] })).rejects.toMatchObject({ code: "INPUT_INVALID" });
    await expect(labUp({ name, hosts: ["inet"] })).rejects.toMatchObject({ code: "INPUT_INVALID" });
  });
});

describe("lab down", () => {
  test("leaves no namespace, mount, interface, process, cgroup or file", async () => {
    const lab = await labUp({ name });
    const pids = [lab.inet?.pid, lab.lan?.pid, ...lab.hosts.map((host) => host.pid)];
    const own = new Set(namespacesOf("/proc/self"));
    const made = pids.flatMap((pid) => namespacesOf(`/proc/${pid}`)).filter((space) => !own.has(space));
    expect(new Set(made).size).toBe(25);
    expect(mountsOf(name)).not.toEqual([]);
    await labDown(name);
    const left = new Set(lookAtProcesses(namespacesOf).flat());
    expect(made.filter((space) => left.has(space))).toEqual([]);
    expect(processesOf(name)).toEqual([]);
    expect(mountsOf(name)).toEqual([]);
    expect(cgroupsOf(lab.slot)).toEqual([]);
    expect(existsSync(`/sys/class/net/leea-lab${lab.slot}`)).toBe(false);
    expect([existsSync(lab.directory), existsSync(`/run/leea-lab/slot-${lab.slot}`)]).toEqual([false, false]);
    expect(readLab(name)).toBe("absent");
    await labDown(name);
  });
});

describe("the lab command", () => {
  test("makes, shows, enters and ends a lab", async () => {
    const leea = (...words: string[]) =>
      run(process.execPath, [command, ...words, ...(words.includes("--") ? [] : ["--name", name])]);
    expect((await leea("up", "--hosts", "a,b")).stdout).toMatch(/a +198\.18\.\d\.11 +on\n +b +198\.18\.\d\.12 +on/);
    expect((await leea("exec", "b", "--name", name, "--", "hostname")).stdout).toBe("b\n");
    expect((await leea("exec", "lan", "--name", name, "--", "hostname", "-I")).stdout).toContain("192.168.77.1");
    await expect(leea("exec", "b", "--name", name, "--", "sh", "-c", "exit 7")).rejects.toMatchObject({ code: 7 });
    await leea("kill", "a");
    expect((await leea("status")).stdout).toMatch(/a +198\.18\.\d\.11 +off/);
    await leea("boot", "a");
    const shown: Lab = JSON.parse((await leea("status", "--json")).stdout);
    expect(shown.hosts.every((host) => host.pid !== null)).toBe(true);
    await leea("down");
    expect((await leea("status")).stdout).toContain("does not exist");
    await expect(leea("fly")).rejects.toMatchObject({ code: 2 });
  });
});
