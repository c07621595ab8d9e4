// The NBD nodes and the mirrors of a fake QEMU: a copy is equal from READY on, and when its job COMPLETED, and never before.

import type { QmpArguments } from "../../provider/agent/qmp/commands";
import type { FakeStream } from "./fake-stream";

/** What QEMU answers as GenericError. */
export class QemuError extends Error {}

/** What mirrors need of their QEMU, and of the one that they copy to. */
interface MirroringQemu {
  readonly isAlive: boolean;
  readonly runs: boolean;
  readonly stream: FakeStream;
  readonly disks: ReadonlyMap<string, string>;
  readonly mirrorError: string | undefined;
  readonly nbd:
    | { readonly address: string; readonly creds: string | undefined; readonly exports: ReadonlyMap<string, string> }
    | undefined;
  emit(event: string, data: Readonly<Record<string, unknown>>): void;
  writeDisk(node: string, content: string): void;
  /** The one that serves NBD at the address, as far as it is reached. */
  findServer(address: string): MirroringQemu | undefined;
  readonly objects: ReadonlyMap<
    string,
    { readonly dir: string; readonly endpoint: string; readonly key: string | undefined }
  >;
  readKey(dir: string): string | undefined;
  handshake(
    target: Pick<MirroringQemu, "objects" | "readKey">,
    ownCreds: string | undefined,
    itsCreds: string | undefined,
  ): boolean;
}

/** A block job. */
interface Mirror {
  readonly node: string;
  readonly target: MirroringQemu | undefined;
  readonly targetNode: string;
  ready: boolean;
}

/** Those of one QEMU. */
export class FakeMirrors {
  private readonly qemu: MirroringQemu;
  private readonly nodes = new Map<string, { qemu: MirroringQemu; name: string }>();
  private readonly jobs = new Map<string, Mirror>();

  constructor(qemu: MirroringQemu) {
    this.qemu = qemu;
  }

  get size(): number {
    return this.jobs.size;
  }

  /** query-block-jobs. */
  describe(): unknown {
    return [...this.jobs].map(([device, { ready }]) => ({
      device,
      type: "mirror",
      ...this.qemu.stream.lookAtMirror(),
      ready,
      status: ready ? "ready" : "running",
    }));
  }

  /** The job; QEMU's error where there is none. */
  find(device: string): Mirror {
    const mirror = this.jobs.get(device);
    if (mirror === undefined) throw new QemuError(`Block job '${device}' not found`);
    return mirror;
  }

  disconnect(name: string): void {
    if (!this.nodes.delete(name)) throw new QemuError(`Failed to find node with node-name='${name}'`);
  }

  connect(wish: QmpArguments<"blockdev-add">): void {
    const address = `${wish.server.host}:${wish.server.port}`;
    const target = this.qemu.findServer(address);
    if (target?.nbd === undefined) throw new QemuError("Failed to connect: Connection refused");
    if (!this.qemu.handshake(target, wish["tls-creds"], target.nbd.creds)) throw new QemuError("TLS handshake failed");
    const name = target.nbd.exports.get(wish.export);
    if (name === undefined) throw new QemuError(`Requested export not available`);
    if (this.nodes.has(wish["node-name"])) throw new QemuError(`Duplicate nodes with node-name`);
    this.nodes.set(wish["node-name"], { qemu: target, name });
  }

  start(wish: QmpArguments<"blockdev-mirror">): void {
    const target = this.nodes.get(wish.target);
    if (target === undefined) throw new QemuError(`Cannot find device='${wish.target}'`);
    const mirror: Mirror = { node: wish.device, target: target.qemu, targetNode: target.name, ready: false };
    this.jobs.set(wish["job-id"], mirror);
    setImmediate(() => this.equalize());
  }

  /** A mirror is READY once all is over: never on a dead way, and of a guest that writes faster only when it stands. */
  equalize(): void {
    const { isAlive, stream, runs } = this.qemu;
    if (!isAlive || stream.isDead || (stream.mirrors !== "at-once" && runs)) return;
    for (const [device, mirror] of this.jobs) {
      mirror.target?.writeDisk(mirror.targetNode, this.qemu.disks.get(mirror.node) ?? "");
      if (!mirror.ready) this.qemu.emit("BLOCK_JOB_READY", jobData(device));
      mirror.ready = true;
    }
  }

  end(device: string, force: boolean): void {
    const mirror = this.find(device);
    if (mirror.ready && !force) this.equalize();
    this.jobs.delete(device);
    const event = mirror.ready && !force ? "BLOCK_JOB_COMPLETED" : "BLOCK_JOB_CANCELLED";
    const error =
      event === "BLOCK_JOB_COMPLETED" && this.qemu.mirrorError !== undefined ? { error: this.qemu.mirrorError } : {};
    setImmediate(() => this.qemu.emit(event, { ...jobData(device), ...error }));
  }

  /** A mirror whose target died ends by itself, with an error. */
  lose(target: MirroringQemu): void {
    for (const [device, mirror] of [...this.jobs]) {
      if (mirror.target !== target) continue;
      this.jobs.delete(device);
      this.qemu.emit("BLOCK_JOB_COMPLETED", { ...jobData(device), error: "Input/output error" });
    }
  }
}

function jobData(device: string): Readonly<Record<string, unknown>> {
  return { type: "mirror", device, len: 4096, offset: 4096, speed: 0 };
}
