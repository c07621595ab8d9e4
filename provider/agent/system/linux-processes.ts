// Processes of a Linux host: programs run to their end, and daemons that outlive the agent, each in a session (or a
// systemd unit) of its own. A process is always named by pid and start time, never by pid alone.

import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, openSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { LeeaError } from "../../model/errors";
import type { DaemonSpec, ProcessMark, RunOptions, RunResult, System } from "./system";

type Processes = Pick<System, "run" | "startDaemon" | "isAlive" | "markOf" | "argvOf" | "listPids" | "signal">;

const standardPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/opt/leea/bin";

/** What a killed program is given to end. */
const killGraceMs = 2_000;

/** The process part of a Linux system. */
export const linuxProcesses: Processes = {
  run: runProgram,
  async startDaemon(spec) {
    const argv = [...memlockPrefix(spec), ...unprivilegedPrefix(spec), ...spec.argv];
    return existsSync("/run/systemd/system") ? startUnit(spec, argv) : startSession(spec, argv);
  },
  async isAlive(mark) {
    return (await readMark(mark.pid))?.startTicks === mark.startTicks;
  },
  markOf: readMark,
  async argvOf(pid) {
    const text = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    return text === "" ? undefined : text.split("\0").slice(0, -1);
  },
  async listPids() {
    return (await readdir("/proc")).filter((name) => /^[0-9]+$/.test(name)).map(Number);
  },
  async signal(mark, signal) {
    if ((await readMark(mark.pid))?.startTicks !== mark.startTicks) return;
    try {
      process.kill(mark.pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  },
};

/** Mark of a process; undefined for none and for a zombie. /proc/PID/stat: state is field 3, starttime field 22. */
async function readMark(pid: number): Promise<ProcessMark | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  if (fields[0] === "Z" || fields[0] === "X") return undefined;
  return { pid, startTicks: Number(fields[19]) };
}

function runProgram(argv: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const [program = "", ...rest] = argv;
  return new Promise((resolve, reject) => {
    const child = spawn(program, rest, {
      stdio: ["pipe", "pipe", "pipe"],
      env: { PATH: standardPath, LC_ALL: "C", ...options.env },
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      child.kill("SIGKILL");
      setTimeout(
        () => void leaveBehind(child).then((mark) => reject(timeoutError(program, mark))),
        killGraceMs,
      ).unref();
    }, options.timeoutMs ?? 60_000);
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    child.on("error", (cause: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      reject(startError(program, cause));
    });
    child.on("close", (code) => {
      clearTimeout(timer);
      const result = {
        exitCode: code ?? -1,
        stdout: Buffer.concat(stdout).toString(),
        stderr: Buffer.concat(stderr).toString(),
      };
      if (timedOut) reject(timeoutError(program));
      else if ((options.acceptExitCodes ?? [0]).includes(result.exitCode)) resolve(result);
      else reject(exitError(argv, result));
    });
    child.stdin.on("error", () => undefined); // a program that ends before it has read its input says so by its exit code
    if (options.inputLater === undefined) child.stdin.end(options.input);
    else void options.inputLater.then((input) => child.stdin.end(input));
  });
}

/** A write that the kernel holds, such as one to sysfs, outlives a kill: neither it nor its pipes may hold the agent. */
async function leaveBehind(child: ChildProcess): Promise<ProcessMark | undefined> {
  for (const pipe of [child.stdin, child.stdout, child.stderr]) pipe?.destroy();
  child.unref();
  return child.pid === undefined ? undefined : readMark(child.pid);
}

function timeoutError(program: string, stillRuns?: ProcessMark): LeeaError {
  return new LeeaError({
    code: "TIMED_OUT",
    message: `${program} did not end in time`,
    hint: "Look at the host's load and try again.",
    ...(stillRuns === undefined ? {} : { details: { stillRuns } }),
  });
}

function startError(program: string, cause: NodeJS.ErrnoException): LeeaError {
  if (cause.code !== "ENOENT")
    return new LeeaError({
      code: "COMMAND_FAILED",
      message: `${program} could not be started`,
      hint: "See the cause.",
      cause,
    });
  return new LeeaError({
    code: "PACKAGES_MISSING",
    message: `the program ${program} is not on this host`,
    hint: `Install the package that holds ${program}, or set setup: true on the MeshNode.`,
  });
}

function exitError(argv: readonly string[], result: RunResult): LeeaError {
  const words = result.stderr.trim() || result.stdout.trim();
  return new LeeaError({
    code: "COMMAND_FAILED",
    message: `${argv.slice(0, 4).join(" ")} ended with ${result.exitCode}: ${words.slice(-400)}`,
    hint: "The text above is the program's own; mend what it names and run again.",
    details: { exitCode: result.exitCode },
  });
}

/** A limit is raised while it is root that runs (prlimit(1)); it stays through the change of user. */
function memlockPrefix({ memlockBytes }: DaemonSpec): readonly string[] {
  return memlockBytes === undefined ? [] : ["prlimit", `--memlock=${memlockBytes}`, "--"];
}

/** Drops to a numeric user with no capability and no way back (setpriv(1)). */
function unprivilegedPrefix(spec: DaemonSpec): readonly string[] {
  if (spec.uid === undefined) return [];
  const groups =
    spec.groups === undefined || spec.groups.length === 0 ? ["--clear-groups"] : ["--groups", spec.groups.join(",")];
  return [
    "setpriv",
    "--reuid",
    String(spec.uid),
    "--regid",
    String(spec.uid),
    ...groups,
    "--no-new-privs",
    "--bounding-set=-all",
    "--inh-caps=-all",
    "--",
  ];
}

async function startSession(spec: DaemonSpec, argv: readonly string[]): Promise<ProcessMark> {
  const [program = "", ...rest] = argv;
  const log = openSync(spec.logPath, "w", 0o600);
  try {
    const child = spawn(program, rest, {
      detached: true,
      stdio: ["ignore", log, log],
      cwd: spec.cwd ?? "/",
      env: { PATH: standardPath, LC_ALL: "C", ...spec.env },
    });
    child.unref();
    const pid = await new Promise<number>((resolve, reject) => {
      child.once("error", (cause: NodeJS.ErrnoException) => reject(startError(program, cause)));
      child.once("spawn", () => resolve(child.pid ?? 0));
    });
    return (await readMark(pid)) ?? { pid, startTicks: 0 };
  } finally {
    closeSync(log);
  }
}

/** A transient unit of systemd, so that a restart of the agent's own unit leaves it alone (systemd-run(1)). */
async function startUnit(spec: DaemonSpec, argv: readonly string[]): Promise<ProcessMark> {
  const unit = `leea-${spec.name}.service`;
  await runProgram(["systemctl", "reset-failed", unit], { acceptExitCodes: [0, 1, 5] });
  const settings = [
    `StandardOutput=truncate:${spec.logPath}`,
    `StandardError=append:${spec.logPath}`,
    ...(spec.memoryLimitBytes === undefined ? [] : [`MemoryMax=${spec.memoryLimitBytes}`]),
  ];
  const env = Object.entries({ PATH: standardPath, LC_ALL: "C", ...spec.env }).map(
    ([name, value]) => `--setenv=${name}=${value}`,
  );
  const properties = settings.map((setting) => `--property=${setting}`);
  await runProgram([
    "systemd-run",
    "--quiet",
    "--collect",
    `--unit=${unit}`,
    `--working-directory=${spec.cwd ?? "/"}`,
    ...properties,
    ...env,
    "--",
    ...argv,
  ]);
  const shown = await runProgram(["systemctl", "show", "--property=MainPID", "--value", unit]);
  const pid = Number(shown.stdout.trim());
  return (await readMark(pid)) ?? { pid, startTicks: 0 };
}
