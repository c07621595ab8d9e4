// Hosts, guests and an outside for the network tests: network namespaces on this machine. A host is acted on by the
// agent's own code through its real System; a guest is a namespace whose eth0 is wired to its tap, frame by frame.

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AgentContext } from "../../provider/agent/agent-context";
import { silentLog } from "../../provider/agent/log";
import { linuxSystem } from "../../provider/agent/system/linux-system";
import type { System } from "../../provider/agent/system/system";

/** Runs a program in a namespace and gives its output; throws where it fails. */
export function inNamespace(name: string, argv: readonly string[], timeoutMs = 20_000): string {
  return execFileSync("ip", ["netns", "exec", name, ...argv], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    timeout: timeoutMs,
  });
}

/** True where the program ends well in the namespace. */
export function succeedsIn(name: string, argv: readonly string[]): boolean {
  try {
    inNamespace(name, argv);
    return true;
  } catch {
    // Its failure is the answer.
    return false;
  }
}

/** The System of a host that is a namespace: its programs run inside, and so do looks at what the kernel shows per namespace. */
export function namespaceSystem(name: string): System {
  const inside = ["ip", "netns", "exec", name];
  const isKernelFile = (path: string) => path.startsWith("/proc/sys/") || path.startsWith("/sys/");
  const run = (argv: readonly string[], accept: readonly number[], input?: string) =>
    linuxSystem.run([...inside, ...argv], { acceptExitCodes: accept, ...(input === undefined ? {} : { input }) });
  return {
    ...linuxSystem,
    run: (argv, options) => linuxSystem.run([...inside, ...argv], options),
    startDaemon: (spec) => linuxSystem.startDaemon({ ...spec, argv: [...inside, ...spec.argv] }),
    async readText(path) {
      if (!isKernelFile(path)) return linuxSystem.readText(path);
      const { exitCode, stdout } = await run(["cat", path], [0, 1]);
      return exitCode === 0 ? stdout : undefined;
    },
    async writeText(path, text, mode) {
      if (!isKernelFile(path)) return linuxSystem.writeText(path, text, mode);
      await run(["tee", path], [0], text);
    },
    async list(path) {
      if (!isKernelFile(path)) return linuxSystem.list(path);
      return (await run(["ls", path], [0, 2])).stdout.split("\n").filter(Boolean);
    },
    async exists(path) {
      return isKernelFile(path) ? (await run(["test", "-e", path], [0, 1])).exitCode === 0 : linuxSystem.exists(path);
    },
  };
}

/** Waits until `look` gives something; throws with `what` after 20 s. */
export async function waitFor<T>(what: string, look: () => T | undefined | false): Promise<T> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const found = look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** A conversation with a program in a namespace: what it printed so far, and a way to write to it. */
export interface Talk {
  readonly child: ChildProcess;
  said(): string;
  say(text: string): void;
}

/** Everything made by a test, and its end. */
export class Rig {
  readonly folder = mkdtempSync(join(tmpdir(), "leea-net-"));
  private readonly namespaces: string[] = [];
  private readonly children: ChildProcess[] = [];
  private readonly relay = join(this.folder, "relay");
  private readonly dhcpScript = join(this.folder, "dhcp");

  constructor() {
    execFileSync("cc", ["-O1", "-o", this.relay, join(__dirname, "vm-network-relay.c")]);
    writeFileSync(this.dhcpScript, dhcpScript, { mode: 0o755 });
  }

  /** A new namespace with loopback up. */
  addNamespace(name: string): void {
    execFileSync("ip", ["netns", "add", name]);
    this.namespaces.push(name);
    inNamespace(name, ["ip", "link", "set", "lo", "up"]);
  }

  /** Two ends of a cable, each up. */
  addCable(one: { ns: string; name: string }, other: { ns: string; name: string }): void {
    inNamespace(one.ns, ["ip", "link", "add", one.name, "type", "veth", "peer", "name", other.name, "netns", other.ns]);
    for (const end of [one, other]) inNamespace(end.ns, ["ip", "link", "set", end.name, "up"]);
  }

  /** The agent's surroundings on a host. */
  context(name: string, system: System = namespaceSystem(name)): AgentContext {
    const base = join(this.folder, name);
    mkdirSync(base, { recursive: true });
    const paths = {
      state: `${base}/state`,
      storage: `${base}/state`,
      run: `${base}/run`,
      socket: `${base}/run/agent.sock`,
      vmRun: `${base}/run/vm`,
    };
    return { system, paths, log: silentLog };
  }

  /** A guest without an address: its eth0 has this MAC and leads nowhere yet. */
  addGuest(name: string, mac: string): void {
    this.addNamespace(name);
    inNamespace(name, ["ip", "tuntap", "add", "dev", "eth0", "mode", "tap"]);
    inNamespace(name, ["ip", "link", "set", "eth0", "address", mac, "up"]);
  }

  /** Wires a guest to a tap of a host, as QEMU would; ended by `unplug`. */
  async plug(guest: string, host: string, tap: string): Promise<ChildProcess> {
    const child = spawn(this.relay, [guest, "eth0", host, tap], { stdio: ["ignore", "pipe", "inherit"] });
    this.children.push(child);
    await new Promise<void>((resolve, reject) => {
      child.stdout.once("data", () => resolve());
      child.once("exit", (code) => reject(new Error(`the relay ended with ${code}`)));
    });
    return child;
  }

  /** Takes the guest off its tap. */
  async unplug(relay: ChildProcess): Promise<void> {
    const ended = new Promise((resolve) => relay.once("exit", resolve));
    relay.kill("SIGKILL");
    await ended;
  }

  /** Asks for an address as a guest does and sets what is answered; undefined where nothing was answered. */
  askDhcp(guest: string): { address: string; mask: string; mtu: string; hostname: string } | undefined {
    const file = join(this.folder, `${guest}.lease`);
    rmSync(file, { force: true });
    const argv = [
      "busybox",
      "udhcpc",
      "-f",
      "-q",
      "-n",
      "-t",
      "4",
      "-T",
      "1",
      "-A",
      "0",
      "-i",
      "eth0",
      "-O",
      "mtu",
      "-O",
      "staticroutes",
      "-s",
      this.dhcpScript,
    ];
    if (!succeedsIn(guest, ["env", `LEASE=${file}`, ...argv])) return undefined;
    const [address = "", mask = "", mtu = "", hostname = ""] = execFileSync("cat", [file], { encoding: "utf8" })
      .trim()
      .split("|");
    return { address, mask, mtu, hostname };
  }

  /** Starts JavaScript in a namespace. */
  talk(name: string, script: string): Talk {
    const child = spawn("ip", ["netns", "exec", name, process.execPath, "-e", script], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.children.push(child);
    let said = "";
    child.stdout.on("data", (chunk: Buffer) => {
      said += chunk.toString();
    });
    child.stdin.on("error", () => undefined); // a program that has ended reads no more
    return { child, said: () => said, say: (text) => child.stdin.write(text) };
  }

  /** What a host is, in words that do not depend on time. */
  snapshot(name: string): string {
    const commands = [
      "ip -details link; ip address; ip neighbour show nud permanent",
      "for f in -4 -6; do ip $f rule; ip $f route show table all; done",
      "nft list ruleset",
      "grep -r . /proc/sys/net/ipv4/conf /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv6/conf | grep -v stable_secret | sort",
      "ss -H -lnut",
    ];
    return commands
      .map((command) => inNamespace(name, ["sh", "-c", command]))
      .join("\n")
      .replace(/(valid_lft|expires|preferred_lft|\w+_timer) +\S+/g, "");
  }

  /** Ends every process and removes every namespace and file. */
  destroy(): void {
    for (const child of this.children) child.kill("SIGKILL");
    for (const name of this.namespaces) execFileSync("ip", ["netns", "delete", name]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const dhcpScript = `#!/bin/sh
[ "$1" = bound ] || exit 0
ip address flush dev eth0
ip address add "$ip/$mask" dev eth0
ip link set eth0 mtu "$mtu"
set -- $staticroutes
while [ $# -ge 2 ]; do
  if [ "$2" = 0.0.0.0 ]; then ip route replace "$1" dev eth0; else ip route replace "$1" via "$2" dev eth0; fi
  shift 2
done
echo "$ip|$subnet|$mtu|$hostname" > "$LEASE"
`;
