// The Pulumi project in the current folder: where it is, and what its stack holds. It runs `pulumi`, and nothing else.

import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { setCredentials } from "../../controller/credentials";
import { expandHome } from "../../controller/ssh/login-methods";
import { readCredentials } from "../../controller/ssh/read-credentials";
import { LeeaError } from "../../model/errors";
import { storyEnvironment } from "../story/pulumi/story-environment";
import { type HostWay, readStackExport, type StackContent } from "./stack-export";

/** The stack's content. `programFolder` is what its relative paths are relative to. */
export interface ReadStack extends StackContent {
  readonly programFolder: string;
}

const outputLimitBytes = 256 * 1024 * 1024;
const run = promisify(execFile);

type RunPulumi = (args: readonly string[]) => Promise<string>;

/** The folder of the project around a folder; undefined outside of one. */
export function findProject(start: string): string | undefined {
  for (let folder = resolve(start); ; folder = dirname(folder)) {
    if (["Pulumi.yaml", "Pulumi.yml", "Pulumi.json"].some((name) => existsSync(join(folder, name)))) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}

/** Exports the stack (absent: the selected one). COMMAND_FAILED with Pulumi's own words, TOOL_MISSING without Pulumi. */
export async function readStack(project: string, stack: string | undefined): Promise<ReadStack> {
  const story = storyEnvironment(project);
  const chosen = stack ?? story?.stack;
  const options = { cwd: project, env: { ...process.env, ...story?.env }, maxBuffer: outputLimitBytes };
  const pulumi: RunPulumi = async (args) => {
    const words = [...args, "--non-interactive", ...(chosen === undefined ? [] : ["--stack", chosen])];
    return (await run("pulumi", words, options)).stdout;
  };
  const text = await pulumi(["stack", "export"]).catch((error: Error & { stderr?: string; code?: unknown }) => {
    throw exportFailed(error);
  });
  const content = readStackExport(text);
  if (content.hosts.some(namesCredential)) await loadCredentials(pulumi);
  return { ...content, programFolder: programFolderOf(project) };
}

/** An identity that is no file is the name of a key in the stack's configuration. */
function namesCredential({ connection }: HostWay): boolean {
  const identities = [connection.identity, connection.jump?.identity];
  return identities.some((identity) => identity !== undefined && !existsSync(expandHome(identity)));
}

/** Into this process's memory and nowhere else, as the provider does. */
async function loadCredentials(pulumi: RunPulumi): Promise<void> {
  const text = await pulumi(["config", "get", "leea:credentials"]).catch(() => undefined); // not set: the login says what it lacks
  setCredentials(readCredentials(text));
}

function programFolderOf(project: string): string {
  const file = join(project, "Pulumi.yaml");
  const main = existsSync(file)
    ? /^main:\s*['"]?([^'"\n]+?)['"]?\s*$/m.exec(readFileSync(file, "utf8"))?.[1]
    : undefined;
  return main === undefined ? project : resolve(project, /\.[cm]?[jt]s$/.test(main) ? dirname(main) : main);
}

function exportFailed(error: Error & { stderr?: string; code?: unknown }): LeeaError {
  if (error.code === "ENOENT")
    return new LeeaError({
      code: "TOOL_MISSING",
      message: "Unable to read the Pulumi stack: there is no `pulumi` on PATH",
      hint: "Install it, or name the hosts with --host.",
    });
  return new LeeaError({
    code: "COMMAND_FAILED",
    message: `Unable to read the Pulumi stack:\n${(error.stderr ?? error.message).trim()}`,
    hint: "Choose a stack with --stack or `pulumi stack select`, or name the hosts with --host.",
  });
}
