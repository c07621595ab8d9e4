// One boot of an emulated host: QEMU as a child of the test's process, its console in a file, and an SSH connection once it
// is ready. Another test file of the same process may join a boot that is up.

import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import type { Connection } from "../../../provider/model/connection";
import { waitFor } from "../../e2e/world/wait-for";
import { openSshMaster, type SshMaster } from "./ssh-master";

/** A host that is up. */
export interface Boot {
  /** Of its QEMU. */
  readonly pid: number;
  readonly ssh: SshMaster;
  /** What came over its serial line. */
  console(): string;
  /** Ends the connection; the host goes on. */
  leave(): Promise<void>;
  /** Cuts its power. */
  end(): Promise<void>;
}

/** Longest boot that is waited for, to sshd with all drivers bound. It takes a tenth of that on an idle machine. */
const bootLimitMs = 300_000;
/** Under emulation a kernel now and then stands still for good half-way up: seen once in some forty boots. */
const mostBoots = 2;
const readyWord = "gpu-host-ready";
const tailCharacters = 4000;
const [consoleFile, errorFile] = ["console.log", "qemu.log"];

/** Runs QEMU in `folder`; resolves once `connection` leads to a shell. Throws with QEMU's words and the console's end. */
export async function bootHost(folder: string, argv: readonly string[], connection: Connection): Promise<Boot> {
  for (let boots = 1; ; boots++) {
    try {
      return await bootOnce(folder, argv, connection);
    } catch (error) {
      if (boots === mostBoots) throw error;
      console.warn(`Boot ${boots} of ${mostBoots} at most: ${(error as Error).message}`);
    }
  }
}

async function bootOnce(folder: string, argv: readonly string[], connection: Connection): Promise<Boot> {
  const pid = startQemu(folder, argv);
  try {
    await waitFor("the emulated host to be ready", () => isReady(pid, folder), bootLimitMs);
    return await joinBoot(folder, pid, connection);
  } catch (error) {
    await endQemu(pid, folder);
    const told = `${readFile(folder, errorFile)}\n${readFile(folder, consoleFile).slice(-tailCharacters)}`;
    throw new Error(`the emulated host did not come up; QEMU and its console said:\n${told}`, { cause: error });
  }
}

/** A connection of its own to a host that is up. */
export async function joinBoot(folder: string, pid: number, connection: Connection): Promise<Boot> {
  const ssh = await openSshMaster(connection, folder);
  return {
    pid,
    ssh,
    console: () => readFile(folder, consoleFile),
    leave: () => ssh.end(),
    end: async () => {
      await ssh.end();
      await endQemu(pid, folder);
    },
  };
}

/** True while this very QEMU runs: a process of its pid in its folder. */
export function runsIn(pid: number, folder: string): boolean {
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === folder;
  } catch {
    return false; // it has ended, or is ending
  }
}

// The kernel ends it with this process, however that ends. Nothing of it keeps this process from its end.
function startQemu(folder: string, argv: readonly string[]): number {
  const [out, errors] = [openSync(join(folder, consoleFile), "w"), openSync(join(folder, errorFile), "w")];
  const qemu = spawn("setpriv", ["--pdeathsig", "KILL", "qemu-system-x86_64", ...argv], {
    cwd: folder,
    stdio: ["ignore", out, errors],
  });
  for (const file of [out, errors]) closeSync(file);
  qemu.unref();
  if (qemu.pid === undefined) throw new Error("setpriv cannot be started");
  return qemu.pid;
}

function isReady(pid: number, folder: string): boolean {
  if (!runsIn(pid, folder)) throw new Error("QEMU ended");
  return readFile(folder, consoleFile).includes(readyWord);
}

async function endQemu(pid: number, folder: string): Promise<void> {
  if (runsIn(pid, folder)) process.kill(pid, "SIGKILL");
  await waitFor("QEMU to end", () => !existsSync(`/proc/${pid}`));
}

function readFile(folder: string, name: string): string {
  return readFileSync(join(folder, name), "utf8");
}
