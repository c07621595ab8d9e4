// One SSH connection to an emulated host that all commands of a test share: a handshake under emulation takes a second.
// It is ssh(1), not the product's way to hosts, which these tests are to judge.

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Connection } from "../../../provider/model/connection";
import { waitFor } from "../../e2e/world/wait-for";

/** A connection that is up. */
export interface SshMaster {
  /** Runs a bash text as root and gives its output, trimmed. Another status than 0 throws with both outputs. */
  run(text: string, timeoutMs?: number): Promise<string>;
  /** Ends the connection. */
  end(): Promise<void>;
}

const outputLimit = 16 * 2 ** 20;
const connectLimitMs = 60_000;
const commandLimitMs = 120_000;

/** Logs in and stays. `folder` takes its socket and its known hosts. */
export async function openSshMaster(connection: Connection, folder: string): Promise<SshMaster> {
  const { host, port, user, hostKey, identity } = connection;
  const [socket, known] = [join(folder, "ssh"), join(folder, "known_hosts")];
  rmSync(socket, { force: true });
  writeFileSync(known, `[${host}]:${port} ${hostKey}\n`);
  const options = ["BatchMode=yes", "IdentitiesOnly=yes", "StrictHostKeyChecking=yes"];
  const own = [`ControlPath=${socket}`, `UserKnownHostsFile=${known}`, `IdentityFile=${identity}`];
  const args = ["-F", "none", ...[...options, ...own].flatMap((option) => ["-o", option]), "-p", String(port)];
  const to = `${user}@${host}`;
  const master = spawn("setpriv", ["--pdeathsig", "TERM", "ssh", "-M", "-N", ...args, to], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let words = "";
  master.stderr.setEncoding("utf8").on("data", (chunk: string) => void (words += chunk));
  const ended = once(master, "close");
  await waitFor(
    `an SSH connection to ${to}`,
    () => hasEnded(master.exitCode, words) || existsSync(socket),
    connectLimitMs,
  );
  return {
    run: (text, timeoutMs = commandLimitMs) => runOver([...args, to], text, timeoutMs),
    end: async () => {
      if (master.exitCode === null) master.kill();
      await ended;
    },
  };
}

function hasEnded(exitCode: number | null, words: string): false {
  if (exitCode !== null) throw new Error(`ssh ended with status ${exitCode}: ${words}`);
  return false;
}

// The text goes in by standard input: no shell in between reads it as something else.
function runOver(args: readonly string[], text: string, timeoutMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { timeout: timeoutMs, maxBuffer: outputLimit };
    const child = execFile("ssh", [...args, 'exec bash --norc -euc "$(cat)"'], options, (error, stdout, stderr) => {
      if (error === null) return resolve(stdout.trim());
      const how = error.killed ? `did not end within ${timeoutMs} ms` : `ended with status ${error.code}`;
      return reject(new Error(`on the emulated host this ${how}:\n${text}\n${stdout}\n${stderr}`, { cause: error }));
    });
    child.stdin?.on("error", () => undefined); // ssh ended before it read all: its status tells
    child.stdin?.end(text);
  });
}
