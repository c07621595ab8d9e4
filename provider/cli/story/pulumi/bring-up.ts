// `pulumi preview` and `pulumi up` as the story tells them: what happens to each resource and what the provider says,
// without the rest.

import type { Note } from "../run/steps";
import { type PulumiLine, readPulumiLine } from "./pulumi-lines";
import { type PulumiRun, runPulumi } from "./run-pulumi";
import { storyStack } from "./workspace";

const silenceMs = 15_000;

/** Runs `pulumi up` and gives how many seconds it took. Throws COMMAND_FAILED with Pulumi's diagnostics. */
export async function bringUp(run: PulumiRun, note: Note): Promise<number> {
  const startedAtMs = performance.now();
  const listener = listen(note);
  try {
    await runPulumi(run, ["up", "--yes", "--skip-preview", "--stack", storyStack], listener.take);
  } finally {
    listener.end();
  }
  return (performance.now() - startedAtMs) / 1000;
}

/** Runs `pulumi preview`; what it says of the resources goes to `note`. */
export async function previewChange(run: PulumiRun, note: Note): Promise<void> {
  const listener = listen(note);
  try {
    await runPulumi(run, ["preview", "--stack", storyStack], listener.take);
  } finally {
    listener.end();
  }
}

/** Notes each thing once, and after a long silence what is still going on. */
function listen(note: Note): { readonly take: (line: string) => void; readonly end: () => void } {
  const running = new Set<string>();
  const told = new Set<string>();
  let lastAtMs = performance.now();
  const tell = (text: string): void => {
    lastAtMs = performance.now();
    note(text);
  };
  const timer = setInterval(() => {
    if (running.size > 0 && performance.now() - lastAtMs > silenceMs) tell(`still at ${[...running].join(", ")}`);
  }, 1_000);
  const take = (text: string): void => {
    const line = readPulumiLine(text);
    if (line === undefined) return;
    followRunning(running, line);
    const words = describeLine(line);
    if (words === undefined || told.has(words)) return;
    told.add(words);
    tell(words);
  };
  return { take, end: () => clearInterval(timer) };
}

function followRunning(running: Set<string>, line: PulumiLine): void {
  if (line.kind === "begun") running.add(line.resource);
  if (line.kind === "done") running.delete(line.resource);
}

function describeLine(line: PulumiLine): string | undefined {
  if (line.kind === "message") return line.text;
  if (line.kind === "planned") return `${line.resource}: ${line.act}`;
  return line.kind === "done" ? `${line.resource} ${line.act}${line.took === "" ? "" : ` (${line.took})`}` : undefined;
}
