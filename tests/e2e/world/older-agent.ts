// The agent of an earlier commit, built from the history of this checkout as it was built then. Nothing stands in for it.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { build } from "esbuild";

const root = join(__dirname, "..", "..", "..");
const cache = process.env["LEEA_CACHE"] ?? join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "leea");

/** Path of the bundle of that commit's agent, built at the first call on this machine. A missing commit is an error. */
export async function olderAgentBundle(commit: string): Promise<string> {
  const bundle = join(cache, "older-agents", `${commit}.cjs`);
  if (existsSync(bundle)) return bundle;
  demandCommit(commit);
  const folder = mkdtempSync(join(tmpdir(), "leea-older-"));
  try {
    const archive = execFileSync("git", ["archive", "--format=tar", commit, "provider", "schema"], {
      cwd: root,
      maxBuffer: 256 * 1024 ** 2,
    });
    execFileSync("tar", ["-x", "-C", folder], { input: archive });
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
    const made = join(folder, "agent.cjs");
    await build({
      absWorkingDir: folder,
      entryPoints: ["provider/agent/main.ts"],
      outfile: made,
      bundle: true,
      platform: "node",
      target: "node20",
      format: "cjs",
      keepNames: true,
      legalComments: "eof",
      charset: "utf8",
      logLevel: "error",
    });
    mkdirSync(dirname(bundle), { recursive: true });
    execFileSync("cp", [made, `${bundle}.${process.pid}`]);
    renameSync(`${bundle}.${process.pid}`, bundle);
    return bundle;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function demandCommit(commit: string): void {
  try {
    execFileSync("git", ["cat-file", "-e", `${commit}^{commit}`], { cwd: root, stdio: "ignore" });
  } catch (cause) {
    throw new Error(
      `this checkout does not have commit ${commit}, from which the previous agent is built: fetch the whole history (git fetch --unshallow)`,
      { cause },
    );
  }
}
