// A host's operating system in memory, as provider/agent/system/system.ts describes it: files that are synced or not,
// processes by pid and start time, programs from a table. It refuses every program that it was not given.

import type {
  DaemonSpec,
  FileFacts,
  ProcessMark,
  RunOptions,
  RunResult,
  System,
} from "../../provider/agent/system/system";
import { LeeaError } from "../../provider/model/errors";

/** What a program of the table does: gives how it ended (absent parts: 0 and no text), or throws what the system would. */
export type FakeProgram = (
  argv: readonly string[],
  options: RunOptions,
) => Partial<RunResult> | Promise<Partial<RunResult>>;

/** What a daemon of the table does once it runs. `onSignal` may refuse to die; absent means that it dies. */
export interface FakeDaemon {
  readonly onSignal?: (signal: string) => boolean;
  readonly onEnd?: () => void;
}

/** A file as it stands. `isSynced`: it survives a power cut. */
export interface FakeFile {
  text: string;
  mode: number;
  owner: number;
  isSynced: boolean;
}

interface FakeProcess {
  readonly mark: ProcessMark;
  readonly spec: DaemonSpec;
  readonly daemon: FakeDaemon;
}

/** One host. Everything that a test looks at is public; every change is in `acts`, in order. */
export class FakeSystem implements System {
  readonly files = new Map<string, FakeFile>();
  /** Links by path, with what they say they lead to; nothing follows them. */
  readonly links = new Map<string, string>();
  readonly folders = new Map<string, { mode: number; owner: number }>([["/", { mode: 0o755, owner: 0 }]]);
  readonly programs = new Map<string, FakeProgram>();
  readonly daemons = new Map<string, (spec: DaemonSpec, mark: ProcessMark) => FakeDaemon>();
  /** Every program that was run, its words joined by blanks. */
  readonly ran: string[] = [];
  /** Every change of a file and every daemon, such as `sync /var/lib/leea/records/x.json`. */
  readonly acts: string[] = [];
  /** Programs and daemons that were asked for and are not in the tables. A test that ends with one has found a gap. */
  readonly refused: string[] = [];
  /** Called before each act; what it throws is what the act throws. */
  beforeAct: (act: string) => void = () => undefined;
  /** Called before a file is read; what it throws is what the read throws. */
  beforeRead: (path: string) => void = () => undefined;
  clockMs: () => number = () => Date.now();
  private readonly processes = new Map<number, FakeProcess>();
  private lastPid = 1000;
  private randomCount = 0;

  /** Puts a file there, as if it had always been. */
  put(path: string, text: string, mode = 0o644): void {
    this.addParents(path, 0o755);
    this.files.set(path, { text, mode, owner: 0, isSynced: true });
  }

  /** Text of a synced or unsynced file, for assertions. */
  text(path: string): string | undefined {
    return this.files.get(path)?.text;
  }

  /** What a power cut leaves: synced files. Processes end. */
  cutPower(): void {
    for (const [path, file] of this.files) if (!file.isSynced) this.files.delete(path);
    for (const pid of [...this.processes.keys()]) this.end(pid);
  }

  /** Ends a process as if by itself. */
  end(pid: number): void {
    const process = this.processes.get(pid);
    this.processes.delete(pid);
    process?.daemon.onEnd?.();
  }

  /** Names of the daemons that run. */
  runningDaemons(): readonly string[] {
    return [...this.processes.values()].map(({ spec }) => spec.name).sort();
  }

  async run(argv: readonly string[], options: RunOptions = {}): Promise<RunResult> {
    const words = argv.join(" ");
    this.ran.push(words);
    const input = options.inputLater === undefined ? {} : { input: await options.inputLater };
    const program = this.programs.get(argv[0] ?? "");
    if (program === undefined) {
      this.refused.push(words);
      throw new LeeaError({ code: "PACKAGES_MISSING", message: `the fake host has no program ${argv[0]}` });
    }
    this.act(`run ${words}`);
    const result = { exitCode: 0, stdout: "", stderr: "", ...(await program(argv, { ...options, ...input })) };
    if ((options.acceptExitCodes ?? [0]).includes(result.exitCode)) return result;
    throw new LeeaError({
      code: "COMMAND_FAILED",
      message: `${argv.slice(0, 4).join(" ")} ended with ${result.exitCode}: ${result.stderr.trim()}`,
      details: { exitCode: result.exitCode },
    });
  }

  async startDaemon(spec: DaemonSpec): Promise<ProcessMark> {
    const start = this.daemons.get(spec.argv[0]?.split("/").at(-1) ?? "");
    if (start === undefined) {
      this.refused.push(spec.argv.join(" "));
      throw new LeeaError({ code: "PACKAGES_MISSING", message: `the fake host has no daemon ${spec.argv[0]}` });
    }
    if ([...this.processes.values()].some((process) => process.spec.name === spec.name))
      throw new Error(`two daemons named ${spec.name}`);
    this.act(`start ${spec.name}`);
    this.lastPid += 1;
    const mark = { pid: this.lastPid, startTicks: this.lastPid * 7 };
    this.processes.set(mark.pid, { mark, spec, daemon: start(spec, mark) });
    return mark;
  }

  async isAlive(mark: ProcessMark): Promise<boolean> {
    return this.processes.get(mark.pid)?.mark.startTicks === mark.startTicks;
  }

  async markOf(pid: number): Promise<ProcessMark | undefined> {
    return this.processes.get(pid)?.mark;
  }

  async argvOf(pid: number): Promise<readonly string[] | undefined> {
    return this.processes.get(pid)?.spec.argv;
  }

  async listPids(): Promise<readonly number[]> {
    return [...this.processes.keys()];
  }

  async signal(mark: ProcessMark, signal: "SIGTERM" | "SIGKILL" | "SIGHUP" | "SIGUSR1"): Promise<void> {
    const process = this.processes.get(mark.pid);
    if (process?.mark.startTicks !== mark.startTicks) return;
    this.act(`signal ${process.spec.name} ${signal}`);
    if (signal === "SIGKILL" || (process.daemon.onSignal?.(signal) ?? signal === "SIGTERM")) this.end(mark.pid);
  }

  async readText(path: string): Promise<string | undefined> {
    absolute(path);
    this.beforeRead(path);
    return this.files.get(path)?.text;
  }

  async writeDurable(path: string, text: string | Uint8Array, mode = 0o600): Promise<void> {
    this.write(`sync ${path}`, path, text, { mode, isSynced: true });
  }

  async writeText(path: string, text: string, mode = 0o600): Promise<void> {
    this.write(`write ${path}`, path, text, { mode, isSynced: false });
  }

  async appendText(path: string, text: string): Promise<void> {
    const earlier = this.files.get(path)?.text ?? "";
    this.write(`append ${path}`, path, `${earlier}${text}`, { mode: 0o600, isSynced: false });
  }

  async makeFolder(path: string, mode = 0o700): Promise<void> {
    absolute(path);
    if (this.folders.has(path)) return;
    this.act(`folder ${path}`);
    this.addParents(`${path}/x`, mode);
  }

  async remove(path: string): Promise<void> {
    absolute(path);
    if (!(await this.exists(path))) return;
    this.act(`remove ${path}`);
    const isInside = (other: string): boolean => other === path || other.startsWith(`${path}/`);
    for (const file of [...this.files.keys()]) if (isInside(file)) this.files.delete(file);
    for (const folder of [...this.folders.keys()]) if (isInside(folder)) this.folders.delete(folder);
    for (const link of [...this.links.keys()]) if (isInside(link)) this.links.delete(link);
  }

  async list(path: string): Promise<readonly string[]> {
    absolute(path);
    const start = `${path}/`;
    const inside = [...this.files.keys(), ...this.folders.keys(), ...this.links.keys()].filter((each) =>
      each.startsWith(start),
    );
    return [...new Set(inside.map((each) => each.slice(start.length).split("/")[0] ?? ""))].sort();
  }

  async readLink(path: string): Promise<string | undefined> {
    absolute(path);
    return this.links.get(path);
  }

  async factsOf(path: string): Promise<FileFacts | undefined> {
    const file = this.files.get(path);
    if (file === undefined) return undefined;
    return { sizeBytes: file.text.length, modifiedAtS: 1_700_000_000, isProgram: (file.mode & 0o111) !== 0 };
  }

  async exists(path: string): Promise<boolean> {
    absolute(path);
    return this.files.has(path) || this.folders.has(path) || this.links.has(path);
  }

  async setOwner(path: string, uid: number): Promise<void> {
    const thing = this.files.get(path) ?? this.folders.get(path);
    if (thing === undefined) throw Object.assign(new Error(`ENOENT: ${path}`), { code: "ENOENT" });
    this.act(`owner ${path} ${uid}`);
    thing.owner = uid;
  }

  nowMs(): number {
    return this.clockMs();
  }

  /** Different at each call, the same in each run. */
  randomBytes(count: number): Uint8Array {
    this.randomCount += 1;
    return new Uint8Array(count).fill(this.randomCount);
  }

  /** Files and daemons as a golden text. */
  toString(): string {
    const files = [...this.files].map(([path, { mode, owner }]) => `${path} ${mode.toString(8)} ${owner}`);
    return [...files.sort(), ...this.runningDaemons().map((name) => `daemon ${name}`)].join("\n");
  }

  private write(act: string, path: string, text: string | Uint8Array, as: { mode: number; isSynced: boolean }): void {
    absolute(path);
    if (this.folders.has(path)) throw Object.assign(new Error(`EISDIR: ${path}`), { code: "EISDIR" });
    this.act(act);
    this.addParents(path, 0o700);
    const owner = this.files.get(path)?.owner ?? 0;
    this.files.set(path, {
      text: typeof text === "string" ? text : Buffer.from(text).toString("latin1"),
      owner,
      ...as,
    });
  }

  private act(act: string): void {
    this.beforeAct(act);
    this.acts.push(act);
  }

  private addParents(path: string, mode: number): void {
    const parts = path.split("/").slice(1, -1);
    for (const [index] of parts.entries()) {
      const folder = `/${parts.slice(0, index + 1).join("/")}`;
      if (!this.folders.has(folder)) this.folders.set(folder, { mode, owner: 0 });
    }
  }
}

/** The programs that every host has, doing to the fake's files what they do to real ones. */
export function giveFilePrograms(system: FakeSystem): void {
  const file = (path: string | undefined): FakeFile | undefined => system.files.get(path ?? "");
  system.programs.set("truncate", (argv) => {
    const path = argv.at(-1) ?? "";
    if (file(path) === undefined) system.put(path, "", 0o644);
    return {};
  });
  system.programs.set("chmod", (argv) => {
    const target = file(argv.at(-1));
    if (target === undefined) return { exitCode: 1, stderr: "No such file or directory" };
    target.mode = Number.parseInt(argv[1] ?? "", 8);
    return {};
  });
  system.programs.set("mv", (argv) => {
    const [from = "", to = ""] = argv.slice(-2);
    const moved = file(from);
    if (moved === undefined) return { exitCode: 1, stderr: "No such file or directory" };
    system.files.delete(from);
    system.files.set(to, moved);
    return {};
  });
  system.programs.set("cp", (argv) => {
    const [from = "", to = ""] = argv.slice(-2);
    const copied = file(from);
    if (copied === undefined) return { exitCode: 1, stderr: "No such file or directory" };
    system.files.set(to, { ...copied, mode: 0o644, owner: 0 });
    return {};
  });
  system.programs.set("realpath", (argv) => ({ stdout: `${argv.at(-1)?.replace(/\/$/, "") ?? ""}\n` }));
  system.programs.set("test", () => ({ exitCode: 1 })); // -L: no file of the fake's is a link
}

function absolute(path: string): void {
  if (!path.startsWith("/") || path.split("/").includes("..")) throw new Error(`"${path}" is no absolute path`);
}
