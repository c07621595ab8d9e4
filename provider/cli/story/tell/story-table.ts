// The story's end as text: a short table, and what to try next. Pure.

import { formatDuration } from "../run/format-duration";
import { judgeMove, type StoryFacts } from "./story-result";

const labelWidth = 18;

/** The table, one line a finding. */
export function formatTable(facts: StoryFacts): string {
  return rowsOf(facts)
    .map(([label, text]) => `  ${label.padEnd(labelWidth)}${text}`)
    .join("\n");
}

function rowsOf(facts: StoryFacts): (readonly [string, string])[] {
  const { bootId, address, blocks, pings, upSeconds, lastMigration } = facts;
  const sent = `${count(pings.sent)} sent, one each 10 ms; ${count(pings.lost)} lost, longest gap ${milliseconds(pings.longestGapMs)}`;
  return [
    ["Verdict", judgeMove(facts)],
    ["Boot id before", bootId.before],
    ["Boot id after", `${bootId.after}${sameness(bootId)}`],
    [
      "Address",
      address.before === address.after ? `${address.after} (the same)` : `${address.before}, then ${address.after}`,
    ],
    ["Disk", `${count(blocks.written)} blocks written, ${count(blocks.checked)} read back, ${count(blocks.bad)} bad`],
    ["Pings", sent],
    ["Connections", facts.connectionAlive ? "both alive" : "broken"],
    ["Downtime", milliseconds(lastMigration?.downtimeMs ?? null)],
    ["Whole move", lastMigration === undefined ? "not measured" : formatDuration(lastMigration.totalMs)],
    ["pulumi up", `${upSeconds.create.toFixed(1)} s to create, ${upSeconds.move.toFixed(1)} s to move`],
  ];
}

/** What to try now. `lab` is the lab's name, `client` the host that watched, `from` the host that the VM left. */
export function formatTries(
  lab: string,
  { client, from, address }: { client: string; from: string; address: string },
): string {
  const option = lab === "default" ? "" : ` --name ${lab}`;
  return [
    "The lab is still running. Three things to try:",
    "",
    `  npm run lab -- exec ${client}${option} -- ping -c 3 ${address}`,
    "      ping the VM from another host of the mesh",
    `  npm run pulumi -- up --config placement=${from}`,
    `      move it back to ${from}: Pulumi asks before it acts`,
    `  npm run lab -- exec ${from}${option} -- ip route show proto bird`,
    "      the routes that the mesh keeps by itself",
    "",
    `Stop it all with: npm run lab -- down${option}`,
  ].join("\n");
}

function sameness({ before, after }: StoryFacts["bootId"]): string {
  return before === after ? " (the same: it never restarted)" : " (another: it restarted)";
}

function milliseconds(value: number | null): string {
  return value === null ? "not measured" : `${Math.round(value)} ms`;
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}
