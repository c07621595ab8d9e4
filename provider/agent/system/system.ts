// The only seam between the agent and its host's operating system: programs, processes and files. Everything that
// acts goes through it, so that a fake can stand in its place and tests can read what a host became. It decides nothing.

/** How a program ended. */
export interface RunResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How to run a program. `acceptExitCodes` defaults to [0]; any other ends in COMMAND_FAILED. */
export interface RunOptions {
  readonly input?: string | Uint8Array;
  /** Input that comes later: the program is started now and waits for it. */
  readonly inputLater?: Promise<string>;
  readonly timeoutMs?: number;
  readonly acceptExitCodes?: readonly number[];
  readonly env?: Readonly<Record<string, string>>;
}

/** A process by pid and start time (clock ticks since boot, /proc/PID/stat field 22): a reused pid does not match. */
export interface ProcessMark {
  readonly pid: number;
  readonly startTicks: number;
}

/** What a file is, without what is in it. */
export interface FileFacts {
  readonly sizeBytes: number;
  /** Whole seconds since 1970. */
  readonly modifiedAtS: number;
  /** A plain file that somebody may execute. */
  readonly isProgram: boolean;
}

/** A program that is to outlive the agent. `name` is a file-safe label, unique on the host. */
export interface DaemonSpec {
  readonly name: string;
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Numeric user and group to run as, without capabilities and with no way back; absent means root. */
  readonly uid?: number;
  /** Supplementary numeric groups, such as that of /dev/kvm. */
  readonly groups?: readonly number[];
  /** File that takes stdout and stderr, truncated at start. */
  readonly logPath: string;
  readonly memoryLimitBytes?: number;
  /** How much it may lock in memory (RLIMIT_MEMLOCK); absent means as much as the agent. */
  readonly memlockBytes?: number;
}

/** What the agent may do to its host. Paths are absolute. */
export interface System {
  /**
   * Runs a program to its end. Errors: COMMAND_FAILED (with the end of stderr), TIMED_OUT, PACKAGES_MISSING (no such program).
   * One that the kernel does not let go when it is killed is left behind: TIMED_OUT then has its mark as `details.stillRuns`.
   */
  run(argv: readonly string[], options?: RunOptions): Promise<RunResult>;
  /** Starts a daemon in a session (or systemd unit) of its own and gives its mark; it has not necessarily become ready. */
  startDaemon(spec: DaemonSpec): Promise<ProcessMark>;
  /** True while the very process lives (a zombie does not). */
  isAlive(mark: ProcessMark): Promise<boolean>;
  /** Mark of a living process; undefined where there is none. */
  markOf(pid: number): Promise<ProcessMark | undefined>;
  /** argv of a living process; undefined where it is gone. */
  argvOf(pid: number): Promise<readonly string[] | undefined>;
  /** Pids of all processes. */
  listPids(): Promise<readonly number[]>;
  /** Sends a signal to the very process; nothing where it is gone. */
  signal(mark: ProcessMark, signal: "SIGTERM" | "SIGKILL" | "SIGHUP" | "SIGUSR1"): Promise<void>;
  /** Text of a file; undefined where it does not exist. */
  readText(path: string): Promise<string | undefined>;
  /** Replaces a file as a whole and syncs file and folder before it returns (default mode 0600). Makes missing folders (0700). */
  writeDurable(path: string, text: string | Uint8Array, mode?: number): Promise<void>;
  /** Writes a file without sync, for /run and kernel files. Makes missing folders (0700) except under /proc and /sys. */
  writeText(path: string, text: string, mode?: number): Promise<void>;
  /** Adds to the end of a file, without sync: a kill of this process loses nothing, a power cut may. Makes missing folders (0700). */
  appendText(path: string, text: string): Promise<void>;
  /** Makes a folder and its parents. */
  makeFolder(path: string, mode?: number): Promise<void>;
  /** Removes a file or a whole folder; nothing where it does not exist. */
  remove(path: string): Promise<void>;
  /** Names in a folder; empty where it does not exist. */
  list(path: string): Promise<readonly string[]>;
  /** True where the path exists. */
  exists(path: string): Promise<boolean>;
  /** What a link says it leads to, not followed; undefined where there is no link. */
  readLink(path: string): Promise<string | undefined>;
  /** The facts of what a path leads to, through links; undefined where it leads to nothing. */
  factsOf(path: string): Promise<FileFacts | undefined>;
  /** Gives a file or folder to a numeric user and group; a link is changed itself, never what it leads to. */
  setOwner(path: string, uid: number, gid: number): Promise<void>;
  /** Milliseconds since 1970. */
  nowMs(): number;
  /** Random bytes from the kernel. */
  randomBytes(count: number): Uint8Array;
}
