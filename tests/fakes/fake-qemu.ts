// A QEMU that speaks QMP on its unix sockets and keeps to the states that facts of a real one gave: inmigrate, paused,
// running, finish-migrate, postmigrate; the gate; mirrors that end equal or not; a stream that needs equal settings and
// keys on both ends. It runs no guest. Commands that we never send are refused.

import type { QmpArguments, QmpCommandName } from "../../provider/agent/qmp/commands";
import { FakeGpus, gpuActs } from "./fake-gpus";
import { FakeMirrors, QemuError } from "./fake-mirrors";
import { FakeMonitor, noAnswer, type Rewrite } from "./fake-monitor";
import { FakeStream } from "./fake-stream";
import type { FakeSystem } from "./fake-system";
import type { FakeWire } from "./fake-wire";

type Answer = unknown;

/** Run states that the fake takes (QAPI RunState). */
export type FakeStatus =
  | "prelaunch"
  | "inmigrate"
  | "running"
  | "paused"
  | "finish-migrate"
  | "postmigrate"
  | "shutdown";

/** What is in the files of a host, by path: a disk outlives the process that wrote it. */
const files = new WeakMap<FakeSystem, Map<string, string>>();

/** One process. `host` and `uuid` tell it apart; `memory` stands for all that the guest knows. */
export class FakeQemu {
  readonly host: string;
  readonly uuid: string;
  readonly system: FakeSystem;
  status: FakeStatus;
  /** What is in the guest's memory: goes over with a move. */
  memory: string;
  /** What is on each disk, by block node. */
  readonly disks = new Map<string, string>();
  readonly stream = new FakeStream();
  /** Whether the guest shuts down when it is asked to. */
  obeysPowerdown = true;
  /** Its main loop is stuck: only what comes out of band is answered. */
  isMute = false;
  /** Every command with its arguments, in order, of all monitors. */
  readonly commands: string[] = [];
  migration = "none";
  errorText: string | undefined;
  isAlive = true;
  /** Where its stream still tries to connect to. Neither a cancel nor a yank ends that; only the kernel does. */
  connectsTo: string | undefined;
  listens: string | undefined;
  nbd: { address: string; creds: string | undefined; exports: Map<string, string> } | undefined;
  readonly objects = new Map<string, { dir: string; endpoint: string; key: string | undefined }>();
  readonly capabilities = new Set<string>();
  readonly parameters = new Map<string, unknown>();
  /** Called before each command; may kill, change or refuse (throw). */
  onCommand: (command: string, args: unknown) => void = () => undefined;
  /** Error of every mirror that completes from now on. */
  mirrorError: string | undefined;
  /** Called when the process ended. */
  onEnd: () => void = () => undefined;
  private readonly wire: FakeWire<FakeQemu>;
  private readonly monitor: FakeMonitor;
  private readonly mirrors = new FakeMirrors(this);
  readonly gpus: FakeGpus;
  private readonly paths = new Map<string, string>();
  private continueAtLoad: boolean;
  private atShutdown: "poweroff" | "pause" = "poweroff";
  /** What it was before the gate: a failed stream brings that back (QEMU's vm_old_state). */
  private beforeGate: FakeStatus = "running";
  private peer: FakeQemu | undefined;
  private receivesFrom: FakeQemu | undefined;

  constructor(wire: FakeWire<FakeQemu>, host: { name: string; system: FakeSystem }, argv: readonly string[]) {
    this.wire = wire;
    this.host = host.name;
    this.system = host.system;
    this.uuid = after(argv, "-uuid") ?? "";
    if (after(argv, "-action") === "shutdown=pause") this.atShutdown = "pause";
    const incoming = argv.includes("-incoming");
    this.status = incoming ? "inmigrate" : "prelaunch";
    this.continueAtLoad = !argv.includes("-S");
    this.gpus = new FakeGpus(argv);
    this.memory = incoming ? "" : `booted on ${host.name}`;
    for (const device of argv.filter((word) => word.startsWith('{"driver":"raw"'))) {
      const { "node-name": node, file } = JSON.parse(device) as { "node-name": string; file: { filename: string } };
      this.paths.set(node, file.filename);
      const held = files.get(host.system)?.get(file.filename);
      this.writeDisk(node, incoming ? "zeros" : (held ?? `disk of ${host.name}`));
    }
    const sockets = argv.filter((each) => each.startsWith("socket,id=") && !each.includes("id=console"));
    const paths = sockets.map((word) => /path=([^,]+)/.exec(word)?.[1] ?? "");
    this.monitor = new FakeMonitor(paths, (command, args, isOutOfBand) => this.execute(command, args, isOutOfBand));
    wire.qemus.add(this);
  }

  /** Makes it speak otherwise from now on; what it does stays as it is. */
  speakAs(rewrite: Rewrite): void {
    this.monitor.rewrite = rewrite;
  }

  /** True while the guest takes steps. */
  get runs(): boolean {
    return this.isAlive && this.status === "running";
  }

  /** Ends the process; what it was connected to notices. */
  end(): void {
    if (!this.isAlive) return;
    this.isAlive = false;
    this.wire.qemus.delete(this);
    this.monitor.close();
    this.peer?.streamBroke();
    this.receivesFrom?.loseStream("Unable to read from socket: Connection reset by peer");
    for (const qemu of this.wire.qemus) qemu.mirrors.lose(this);
    this.onEnd();
  }

  /** The one that serves NBD at the address, as far as it is reached. */
  findServer(address: string): FakeQemu | undefined {
    return this.wire.find(this, (qemu) => qemu.nbd?.address === address);
  }

  /** What is on a disk from now on, also for the next process that opens its file. */
  writeDisk(node: string, content: string): void {
    this.disks.set(node, content);
    const held = files.get(this.system) ?? new Map<string, string>();
    files.set(this.system, held.set(this.paths.get(node) ?? node, content));
  }

  private execute(command: string, args: unknown, isOutOfBand: boolean): Answer {
    if (this.isMute && !isOutOfBand) return noAnswer;
    if (!/^(query-|qmp_capabilities)/.test(command)) this.commands.push(command);
    this.onCommand(command, args);
    const act = this.acts[command as QmpCommandName] as ((args: unknown) => Answer) | undefined;
    if (act === undefined) throw new QemuError(`The command ${command} has not been found`);
    return this.isAlive ? act(args) : undefined;
  }

  private readonly acts: { readonly [C in QmpCommandName]?: (args: QmpArguments<C>) => Answer } = {
    qmp_capabilities: () => ({}),
    "query-status": () => ({ status: this.status, running: this.status === "running" }),
    "query-uuid": () => ({ UUID: this.uuid }),
    "query-migrate": () => this.describeMigration(),
    ...gpuActs(() => this),
    "query-yank": () => (this.connectsTo !== undefined || this.peer !== undefined ? [{ type: "migration" }] : []),
    "query-block-jobs": () => this.mirrors.describe(),
    "block-job-set-speed": ({ device }) => void this.mirrors.find(device),
    cont: () => this.continue(),
    stop: () => {
      this.pause("paused");
      setImmediate(() => (this.mirrors.equalize(), this.reachGate()));
    },
    quit: () => void setImmediate(() => this.end()),
    system_powerdown: () => void (this.obeysPowerdown && setImmediate(() => this.shutDown())),
    "set-action": ({ shutdown }) => void (this.atShutdown = shutdown),
    "object-add": ({ id, dir, endpoint }) => {
      if (this.objects.has(id)) throw new QemuError(`attempt to add duplicate property '${id}'`);
      const key = this.readKey(dir);
      if (key === undefined) throw new QemuError(`Unable to access credentials ${dir}/keys.psk`);
      this.objects.set(id, { dir, endpoint, key: endpoint === "client" ? key : undefined });
    },
    "object-del": ({ id }) => {
      if (!this.objects.delete(id)) throw new QemuError(`object '${id}' not found`);
    },
    "migrate-set-capabilities": ({ capabilities }) => {
      for (const { capability, state } of capabilities)
        if (state) this.capabilities.add(capability);
        else this.capabilities.delete(capability);
    },
    "migrate-set-parameters": (args) => {
      for (const [name, value] of Object.entries(args)) this.parameters.set(name, value);
      setImmediate(() => this.reachGate());
    },
    "migrate-incoming": ({ uri }) => {
      if (this.status !== "inmigrate") throw new QemuError("'-incoming' was not specified on the command line");
      this.listens = uri;
      this.migration = "setup";
    },
    "nbd-server-start": ({ addr, "tls-creds": creds }) => {
      if (this.nbd !== undefined) throw new QemuError("NBD server already running");
      this.nbd = { address: `${addr.data.host}:${addr.data.port}`, creds, exports: new Map() };
    },
    "nbd-server-stop": () => {
      if (this.nbd === undefined) throw new QemuError("NBD server not running");
      this.nbd = undefined;
    },
    "block-export-add": ({ id, name, "node-name": node }) => {
      if (!this.disks.has(node)) throw new QemuError(`Cannot find device='' nor node-name='${node}'`);
      if (this.nbd === undefined) throw new QemuError("NBD server not running");
      this.nbd.exports.set(name ?? node, node);
      this.exports.set(id, name ?? node);
    },
    "block-export-del": ({ id }) => {
      const name = this.exports.get(id);
      if (name === undefined) throw new QemuError(`Export '${id}' is not found`);
      this.exports.delete(id);
      this.nbd?.exports.delete(name);
    },
    "blockdev-add": (args) => this.mirrors.connect(args),
    "blockdev-del": ({ "node-name": name }) => this.mirrors.disconnect(name),
    "blockdev-mirror": (args) => this.mirrors.start(args),
    "block-job-cancel": ({ device, force }) => this.mirrors.end(device, Boolean(force)),
    migrate: ({ uri }) => this.migrate(uri),
    "migrate-continue": () => this.switchOver(),
    migrate_cancel: () => this.cancelStream(),
    yank: ({ instances }) => {
      for (const { type } of instances) if (type === "migration") this.loseStream("Yanked");
    },
  };

  private readonly exports = new Map<string, string>();

  /** Tells every monitor. */
  emit(event: string, data: Readonly<Record<string, unknown>> = {}): void {
    this.monitor.tell({ event, data, timestamp: { seconds: 1_700_000_000, microseconds: 0 } });
  }

  private become(status: FakeStatus): void {
    this.status = status;
    this.wire.look(this);
  }

  private setMigration(status: string): void {
    this.migration = status;
    if (this.capabilities.has("events")) this.emit("MIGRATION", { status });
  }

  /** QEMU has no fence of its own: it continues whatever stands still, and one that still waits goes on by itself at the load's end. */
  private continue(): void {
    if (this.status === "running") return;
    if (this.status === "inmigrate") {
      this.continueAtLoad = true;
      return;
    }
    if (this.status === "finish-migrate") throw new QemuError("Migration is not finalized yet");
    if (this.status === "shutdown") throw new QemuError("Resetting the Virtual Machine is required");
    this.become("running");
    this.emit("RESUME");
  }

  private pause(status: FakeStatus): void {
    if (this.status !== "running") return;
    this.become(status);
    this.emit("STOP");
  }

  private shutDown(): void {
    if (!this.runs) return;
    this.emit("SHUTDOWN", { guest: true, reason: "guest-shutdown" });
    if (this.atShutdown !== "pause") return this.end();
    this.pause("shutdown");
    setImmediate(() => this.mirrors.equalize());
  }

  private resumeBySelf(): void {
    if (this.status !== "finish-migrate") return;
    this.become(this.beforeGate);
    if (this.beforeGate === "running") this.emit("RESUME");
  }

  private describeMigration(): Answer {
    const blockers = this.gpus.describeBlockers();
    if (this.migration === "none") return blockers;
    return {
      ...blockers,
      status: this.migration,
      ...(this.receivesFrom === undefined && this.listens === undefined && this.migration !== "setup"
        ? { ram: this.stream.look(), downtime: 7 }
        : {}),
      ...(this.errorText === undefined ? {} : { "error-desc": this.errorText }),
    };
  }

  private migrate(uri: string): void {
    this.gpus.refuseMove();
    const target = this.wire.find(this, (qemu) => qemu.listens === uri);
    this.errorText = undefined;
    this.setMigration("setup");
    if (this.connectsTo !== undefined) throw new QemuError("duplicate yank instance");
    if (this.wire.answers !== "all") this.connectsTo = uri.replace("tcp:", "");
    this.isMute = this.wire.answers === "no-handshake";
    if (this.connectsTo !== undefined) return;
    setImmediate(() => {
      if (!this.isAlive || this.migration !== "setup") return;
      const problem = this.whyNot(target);
      if (problem !== undefined || target === undefined) return this.failStream(problem ?? "Connection refused");
      this.peer = target;
      target.receivesFrom = this;
      target.setMigration("active");
      this.setMigration("active");
      setImmediate(() => this.reachGate());
    });
  }

  /** Differences between the ends show only as a failed load, as with QEMU. */
  private whyNot(target: FakeQemu | undefined): string | undefined {
    if (target === undefined || !target.isAlive) return "Unable to connect: Connection refused";
    for (const capability of ["return-path", "multifd"])
      if (this.capabilities.has(capability) !== target.capabilities.has(capability)) return `${capability} differs`;
    if (this.parameters.get("multifd-channels") !== target.parameters.get("multifd-channels"))
      return "multifd-channels differ";
    if (!this.gpus.isLike(target.gpus)) return "Unknown section: the passed devices or their ports differ";
    const [own, its] = [this.parameters.get("tls-creds"), target.parameters.get("tls-creds")];
    if (!this.handshake(target, own as string, its as string)) return "TLS handshake failed";
    return undefined;
  }

  /** The client read its key at object-add; the server reads the file at each handshake. */
  handshake(
    target: Pick<FakeQemu, "objects" | "readKey">,
    ownCreds: string | undefined,
    itsCreds: string | undefined,
  ): boolean {
    const own = this.objects.get(ownCreds ?? "");
    const its = target.objects.get(itsCreds ?? "");
    if (own?.endpoint !== "client" || its?.endpoint !== "server") return false;
    return own.key !== undefined && own.key === target.readKey(its.dir);
  }

  readKey(dir: string): string | undefined {
    return this.system.text(`${dir}/keys.psk`);
  }

  private reachGate(): void {
    if (!this.isAlive || this.migration !== "active" || !this.stream.isAcross(this)) return;
    this.beforeGate = this.status;
    if (this.runs) this.pause("finish-migrate");
    else this.become("finish-migrate");
    if (!this.capabilities.has("pause-before-switchover")) return this.load();
    this.setMigration("pre-switchover");
  }

  private switchOver(): void {
    if (this.migration !== "pre-switchover") throw new QemuError("Migration not in expected state: pre-switchover");
    // Found with 7.2: a mirror that still runs at the switchover ends the source's process.
    if (this.mirrors.size > 0) return this.end();
    if (this.peer?.isAlive !== true) return this.failStream("Unable to write to socket");
    this.setMigration("device");
    setImmediate(() => this.load());
  }

  private load(): void {
    const target = this.peer;
    if (!this.isAlive || target === undefined || this.migration !== "device") return;
    target.memory = this.memory;
    target.become(target.continueAtLoad ? "running" : "paused");
    target.setMigration("completed");
    if (this.wire.loseLastAck) return this.failStream("Unable to read from socket");
    setImmediate(() => {
      if (!this.isAlive || this.migration !== "device") return;
      this.peer = undefined;
      this.setMigration("completed");
      // Told by the migration's thread; the run state follows when the main loop lets it.
      setTimeout(() => this.isAlive && this.become("postmigrate"), 3);
    });
  }

  private cancelStream(): void {
    if (!["setup", "active", "pre-switchover", "device"].includes(this.migration)) return;
    const target = this.peer;
    this.peer = undefined;
    this.setMigration("cancelled");
    this.resumeBySelf();
    target?.streamBroke();
  }

  /** The stream failed: the source goes on by itself, unless it stands at the gate, where it waits to be told. */
  loseStream(reason: string): void {
    if (!this.isAlive || this.peer === undefined) return;
    if (this.migration === "pre-switchover") {
      this.peer = undefined;
      return;
    }
    this.failStream(reason);
  }

  /** The kernel ends what still connects: a handshake that held up the main loop ends with it. */
  breakConnection(): void {
    this.connectsTo = undefined;
    this.isMute = false;
    if (this.migration === "setup") this.failStream("Software caused connection abort");
  }

  private failStream(reason: string): void {
    const target = this.peer;
    this.peer = undefined;
    this.errorText = reason;
    this.setMigration("failed");
    this.resumeBySelf();
    target?.streamBroke();
  }

  /** A destination whose load broke off exits; one that has loaded stands still for ever. */
  private streamBroke(): void {
    if (this.status === "inmigrate") setImmediate(() => this.end());
  }
}

const after = (argv: readonly string[], option: string): string | undefined => argv[argv.indexOf(option) + 1];
