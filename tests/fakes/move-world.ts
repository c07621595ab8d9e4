// Two fake hosts in one mesh with a VM on the first: all that a move needs, agents' real code on both. Agents speak to
// each other through the real checks of bodies and errors; a test may cut the way, lose an answer, or kill an agent.

import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { HostPaths } from "../../provider/agent/host-paths";
import { checkBody } from "../../provider/agent/http/check-body";
import { silentLog } from "../../provider/agent/log";
import { readIdentity, readWireguardKey } from "../../provider/agent/mesh/identity";
import type { AskPeer } from "../../provider/agent/peer/call-peer";
import { encodeBase32 } from "../../provider/model/base32";
import { LeeaError } from "../../provider/model/errors";
import type { VmRecord } from "../../provider/model/ownership";
import type { NodeDescriptor } from "../../provider/protocol/node";
import type { Operation } from "../../provider/protocol/operation";
import type { VerbName } from "../../provider/protocol/verbs";
import type { MoveVmRequest } from "../../provider/protocol/vm";
import { fromWireError, toWireError } from "../../provider/protocol/wire-error";
import { AgentProcess } from "./agent-process";
import { FakeIp } from "./fake-ip";
import { FakeQemu } from "./fake-qemu";
import { type FakeConnection, giveSs } from "./fake-ss";
import { FakeSystem, giveFilePrograms } from "./fake-system";
import { FakeWire } from "./fake-wire";
import { makePartition, namedGpus } from "./gpu-world";
import { displayCard } from "./pci/fake-card";
import { FakePciHost } from "./pci/fake-pci-host";

/** Name of a host of the world: the VM is born on `a`. */
export type HostName = "a" | "b";

/** A host with its disk, its processes and the agent that lives on it now. */
export interface MoveHost {
  readonly name: HostName;
  readonly system: FakeSystem;
  readonly ip: FakeIp;
  readonly paths: HostPaths;
  readonly node: NodeDescriptor;
  /** Every life of the agent; the last one is the present one. */
  readonly lives: AgentProcess[];
}

const pems = new Map<HostName, string>();
const parameters = {
  name: "m",
  meshId: "00112233445566ff",
  range6: "fd12:3456:789a::/48",
  nodeRange: "10.91.0.0/16",
  vmRange: "10.92.0.0/16",
  mtu: 1420,
};
let worldCount = 0;

/** What happens to a call between agents. `lose`: the other side never hears it; `mute`: it acts, and its answer is lost. */
export type Fate = "arrive" | "lose" | "mute" | "no-route";

/** How a move is to go; absent: as the record says, which is live. */
export type MoveWish = Pick<MoveVmRequest, "migration" | "gpus">;

/** The world. Make it with `MoveWorld.open`, and end it with `close`. */
export class MoveWorld {
  readonly wire = new FakeWire<FakeQemu>();
  readonly hosts = new Map<HostName, MoveHost>();
  /** What happened, in order: records synced, calls between agents, QMP commands. */
  readonly timeline: string[] = [];
  readonly vmId: string;
  readonly moveId: string;
  readonly address = "10.92.0.7";
  /** Decides each call's fate; asked with the verb and how often it was called, from 1. */
  fate: (verb: VerbName, count: number) => Fate = () => "arrive";
  /** Called at each synced write of a host's agent, before and after it, counted in each life. */
  onSync: (host: HostName, when: "before" | "after", count: number, path: string) => void = () => undefined;
  /** Called for each QEMU that is started, before it has said anything. */
  onQemu: (qemu: FakeQemu) => void = () => undefined;
  private readonly folder = mkdtempSync(join(tmpdir(), "leea-move-"));
  private readonly counts = new Map<VerbName, number>();
  private readonly id: number;
  private restarts: Promise<unknown> = Promise.resolve();

  private readonly withGpus: boolean;

  private constructor(withGpus: boolean) {
    this.withGpus = withGpus;
    worldCount += 1;
    this.id = worldCount;
    const bytes = new Uint8Array(17).fill(this.id);
    this.vmId = encodeBase32(bytes).slice(0, 26);
    this.moveId = `move-${String(this.id).padStart(6, "0")}`;
  }

  /** Both agents up, the VM running on `a`, its move expected at `b` and not begun. */
  static async open({ gpus = false }: { readonly gpus?: boolean } = {}): Promise<MoveWorld> {
    const world = new MoveWorld(gpus);
    for (const name of ["a", "b"] as const) world.hosts.set(name, await world.makeHost(name));
    for (const name of ["a", "b"] as const) await world.link(name);
    for (const name of ["a", "b"] as const) await world.startAgent(name);
    world.wire.forbids = (qemu) => {
      const role = world.record(qemu.host as HostName)?.role;
      return role === "owner" ? undefined : `its record says ${role}`;
    };
    if (gpus) for (const name of ["a", "b"] as const) await makePartition(world, name);
    await world.startVm();
    const { agent } = world.agent("b");
    await agent.expected.expect({ moveId: world.moveId, vmId: world.vmId, source: world.host("a").node });
    world.timeline.length = 0;
    return world;
  }

  host(name: HostName): MoveHost {
    const host = this.hosts.get(name);
    if (host === undefined) throw new Error(`no host ${name}`);
    return host;
  }

  /** The agent that lives on the host now. */
  agent(name: HostName): AgentProcess {
    const process = this.host(name).lives.at(-1);
    if (process === undefined) throw new Error(`no agent on ${name}`);
    return process;
  }

  /** The VM's record as it is on the host's disk. */
  record(name: HostName): VmRecord | undefined {
    const text = this.host(name).system.text(`${this.host(name).paths.state}/records/${this.vmId}.json`);
    return text === undefined ? undefined : (JSON.parse(text) as VmRecord);
  }

  /** The VM's QEMU on the host, if one lives. */
  qemu(name: HostName): FakeQemu | undefined {
    return [...this.wire.qemus].find(({ host }) => host === name);
  }

  /** Hosts where the guest takes steps now. */
  running(): readonly string[] {
    return [...this.wire.qemus].filter(({ runs }) => runs).map(({ host }) => host);
  }

  /** The same, once one of them has been recovered; after 5 s whatever is so then. */
  async runningInTheEnd(): Promise<readonly string[]> {
    const deadline = Date.now() + 5_000;
    while (this.running().length === 0 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 5));
    return this.running();
  }

  /** The VM is stopped, as it is after an update to `powerState: "stopped"`. */
  async stopVm(): Promise<void> {
    const { agent } = this.agent("a");
    const record = agent.records.get(this.vmId);
    if (record === undefined) throw new Error("a has no record of the VM");
    const { qemu: _ended, ...rest } = record;
    agent.machines.detach(this.vmId);
    this.qemu("a")?.end();
    await agent.records.save({ ...rest, wantsToRun: false, spec: { ...record.spec, powerState: "stopped" } });
    this.timeline.length = 0;
  }

  /** Tells the source to move the VM to `b`, as the provider does once `b` expects it. */
  async beginMove(wish: MoveWish = {}): Promise<Operation> {
    const source = this.agent("a");
    return source.code.beginMove(source.agent, this.vmId, {
      operationId: this.moveId,
      owner: "o/p/s",
      destination: this.host("b").node,
      destinationConnection: { host: "b" },
      ...wish,
    });
  }

  /** Moves to the end, restarts included. `unknown`: the agent was killed before it had written the operation down. */
  async move(wish: MoveWish = {}): Promise<Operation["state"] | "unknown"> {
    void this.beginMove(wish).catch(() => undefined); // a killed agent answers nobody
    return this.settled();
  }

  /** Waits until the move has ended in the present life of the source's agent. */
  async settled(): Promise<Operation["state"] | "unknown"> {
    const deadline = Date.now() + 30_000;
    for (;;) {
      await this.restarts;
      const state = this.moveState();
      if (state !== "running") return state;
      if (Date.now() > deadline) throw new Error(`the move did not end: ${this.timeline.slice(-12).join("; ")}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** Kills the agent of a host; a new one starts at once, on the same disk and beside the same processes. */
  restart(name: HostName): void {
    const dead = this.agent(name);
    dead.kill();
    this.timeline.push(`${name} agent killed`);
    const earlier = this.restarts;
    this.restarts = (async () => {
      await earlier;
      await new Promise((resolve) => setImmediate(resolve));
      await this.startAgent(name);
    })();
  }

  /** Ends every life, timer and socket. */
  async close(): Promise<void> {
    await this.restarts;
    for (const { lives } of this.hosts.values()) {
      const last = lives.at(-1);
      await last?.code.finishLeaving(this.vmId);
      for (const life of lives) life.kill();
    }
    for (const qemu of [...this.wire.qemus]) qemu.end();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private moveState(): Operation["state"] | "unknown" {
    const { agent, isAlive } = this.agent("a");
    if (!isAlive) return "running";
    try {
      return agent.operations.get(this.moveId).state;
    } catch {
      return this.host("a").lives.length > 1 ? "unknown" : "running"; // not begun yet, or forgotten with its agent
    }
  }

  private async makeHost(name: HostName): Promise<MoveHost> {
    const system = new FakeSystem();
    giveFilePrograms(system);
    giveSs(system, () => []);
    const ip = new FakeIp(system);
    if (this.withGpus) new FakePciHost(system).plug(displayCard);
    const state = `/var/lib/leea-${this.id}`;
    const vmRun = join(this.folder, name);
    const paths = { state, storage: state, run: "/run/leea", vmRun, socket: "/run/leea/agent.sock" };
    const pem = pems.get(name) ?? makePem();
    pems.set(name, pem);
    system.put(`${state}/keys/identity.pem`, pem);
    system.put(`${state}/keys/name-at-birth`, name);
    system.put("/usr/bin/qemu-system-x86_64", "QEMU", 0o755);
    system.programs.set("/usr/bin/qemu-system-x86_64", (argv) =>
      argv[1] === "--version"
        ? { stdout: "QEMU emulator version 10.0.2 (Debian)\n" }
        : { stdout: "q35    Standard PC (alias of pc-q35-10.0)\npc-q35-10.0  Standard PC\n" },
    );
    system.daemons.set("setpriv", () => ({}));
    system.daemons.set("qemu-system-x86_64", ({ argv }, mark) => {
      const qemu = new FakeQemu(this.wire, { name, system }, argv);
      this.onQemu(qemu);
      giveSs(system, () => connectionsOf(qemu, mark.pid));
      qemu.onCommand = (command) =>
        void (/^query-|^qmp_/.test(command) || this.timeline.push(`${name} qmp ${command}`));
      qemu.onEnd = () => system.end(mark.pid);
      return { onEnd: () => qemu.end() };
    });
    const ctx = { system, paths, log: silentLog };
    const identity = await readIdentity(ctx);
    const { publicKey } = await readWireguardKey(ctx);
    const octet = name === "a" ? 1 : 2;
    const node = {
      ...identity,
      name,
      wireguardPublicKey: publicKey,
      meshAddress: `10.91.0.${octet}`,
      meshAddress6: `fd12:3456:789a::${octet}`,
      endpointAddress: name,
    };
    return { name, system, ip, paths, node, lives: [] };
  }

  /** Each host is a member of the mesh and linked to the other one. */
  private async link(name: HostName): Promise<void> {
    const { system, paths, node } = this.host(name);
    const peer = this.host(name === "a" ? "b" : "a").node;
    const { meshAddress, meshAddress6 } = node;
    const mesh = {
      version: 1,
      owner: "o/p/s",
      name,
      endpoint: { address: name, portBase: 51_820, portCount: 64 },
      parameters,
      meshAddress,
      meshAddress6,
      vouched: [],
      links: [{ peer, voucher: {}, interfaceName: "leeal0", listenPort: 51_820 }],
    };
    system.put(`${paths.state}/mesh.json`, JSON.stringify(mesh));
    const wanted = { parameters, meshAddress, meshAddress6 };
    system.put(`${paths.state}/net/host.json`, JSON.stringify({ wanted, settingsBefore: {} }));
  }

  private async startAgent(name: HostName): Promise<void> {
    const { system, paths, lives } = this.host(name);
    // Lives of one world never share code in memory: two first ones, and one more for each restart.
    const slot =
      lives.length === 0 ? (name === "a" ? 0 : 1) : [...this.hosts.values()].flatMap((host) => host.lives).length;
    const process = await AgentProcess.start({ slot, system, paths, askPeer: this.wayFrom(name) });
    process.beforeSync = (count, path) => this.onSync(name, "before", count, path);
    process.afterSync = (count, path) => {
      if (path.includes("/records/")) this.timeline.push(`${name} sync ${this.record(name)?.role}`);
      this.onSync(name, "after", count, path);
    };
    lives.push(process);
  }

  private async startVm(): Promise<void> {
    const { agent, code } = this.agent("a");
    const record = await agent.records.save({
      vmId: this.vmId,
      owner: "o/p/s",
      logicalName: "web",
      role: "owner",
      generation: 1,
      incarnation: 1,
      spec: {
        name: "web",
        vcpus: 1,
        memoryBytes: 64 * 2 ** 20,
        cpu: "portable",
        disks: [{ name: "root", sizeBytes: 4096 }],
        nics: [{ kind: "mesh", ingress: [] }],
        migration: { downtimeLimitMs: 30 },
        powerState: "running",
        ...(this.withGpus ? { gpus: namedGpus(this) } : {}),
      },
      pins: {
        machine: "pc-q35-10.0",
        cpuModel: "qemu64",
        macs: ["52:54:00:12:34:56"],
        address: this.address,
        accelerator: "tcg",
      },
      uid: 900_000,
      operationId: "put-000001",
      wantsToRun: true,
    });
    await code.startVm(agent, record, { report: () => undefined });
  }

  private wayFrom(name: HostName): AskPeer {
    return async (peer, verb, call) => {
      const count = (this.counts.get(verb) ?? 0) + 1;
      this.counts.set(verb, count);
      this.timeline.push(`${name} asks ${verb}`);
      const fate = this.fate(verb, count);
      if (fate === "no-route") throw noRoute(peer.name);
      const to = [...this.hosts.values()].find(({ node }) => node.nodeId === peer.nodeId);
      const process = to?.lives.at(-1);
      if (
        fate === "lose" ||
        process?.isAlive !== true ||
        [name, to?.name ?? ""].some((each) => this.wire.cutOff.has(each))
      )
        throw new LeeaError({ code: "HOST_UNREACHABLE", message: `no way to ${peer.name}` });
      const body: unknown = call.body === undefined ? undefined : JSON.parse(JSON.stringify(call.body));
      const request = { verb, params: call.params, body, callerFingerprint: this.host(name).node.fingerprint };
      const answer = await process
        .answering(async () => {
          checkBody(verb, body);
          return process.code.answerPeer(process.agent, request);
        })
        .catch((error: unknown) => {
          throw fromWireError(
            JSON.parse(JSON.stringify(toWireError(nameKept(error)))) as ReturnType<typeof toWireError>,
          );
        });
      if (fate === "mute") throw new LeeaError({ code: "TIMED_OUT", message: `${peer.name} did not answer in time` });
      return JSON.parse(JSON.stringify(answer)) as never;
    };
  }
}

function connectionsOf(qemu: FakeQemu, pid: number): readonly FakeConnection[] {
  if (qemu.connectsTo === undefined) return [];
  return [{ pid, local: "10.91.0.1:40000", peer: qemu.connectsTo, breakOff: () => qemu.breakConnection() }];
}

/** An error of another copy of the code is of another class: it keeps its parts. */
function nameKept(error: unknown): unknown {
  if (!(error instanceof Error) || error.name !== "LeeaError") return error;
  const { code, hint, details, cause } = error as LeeaError;
  return new LeeaError({ code, message: error.message, hint, details, cause });
}

function makePem(): string {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

/** What the real way to other agents says while the kernel has no route. */
function noRoute(name: string): LeeaError {
  const cause = Object.assign(new Error("connect EHOSTUNREACH"), { code: "EHOSTUNREACH" });
  return new LeeaError({ code: "HOST_UNREACHABLE", message: `no route to ${name}`, cause });
}
