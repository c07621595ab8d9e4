// Scenarios that are more than one fault at one point: lost words, late ones, double ones, and two things that go wrong
// together. The first is the case for which all of this was made.

import type { Fault, Story } from "../sim-types";
import type { ExpectedEnd, Scenario } from "./matrix";

type Row = readonly [string, readonly Fault[], ExpectedEnd] | readonly [string, readonly Fault[], ExpectedEnd, "cold"];

const moved: ExpectedEnd = { result: "succeeded", owner: "b" };
const stays: ExpectedEnd = { result: "failed", owner: "a" };
const cancelled: ExpectedEnd = { result: "cancelled", owner: "a" };

const beforeRelease = "before a sync released";
const afterRelease = "after a sync released";
const granting = "after a asks grantMove";

const rows: readonly Row[] = [
  [
    "the last acknowledgement is withheld after the destination has loaded: the source goes on by itself, alone",
    [{ at: "before a continues the migration", do: "lose-last-ack" }],
    stays,
  ],
  [
    "the last acknowledgement is withheld and the source's agent is killed at that moment",
    [
      { at: "before a continues the migration", do: "lose-last-ack" },
      { at: "after a asks settleDisks", do: "kill-agent-a", ms: 900 },
    ],
    stays,
  ],
  [
    "the last acknowledgement is withheld and the link is down for a minute: the destination is told later",
    [
      { at: "before a continues the migration", do: "lose-last-ack" },
      { at: "after b lets go of its exports", do: "link-down", ms: 60_000 },
    ],
    stays,
  ],
  ["the first grant is lost: it is sent again", [{ verb: "grantMove", count: 1, fate: "lose" }], moved],
  [
    "the first two grants are lost",
    [
      { verb: "grantMove", count: 1, fate: "lose" },
      { verb: "grantMove", count: 2, fate: "lose" },
    ],
    moved,
  ],
  ["the grant's answer is lost: the destination has taken it", [{ verb: "grantMove", count: 1, fate: "mute" }], moved],
  ["the grant comes late, after it was sent again", [{ verb: "grantMove", count: 1, fate: "late" }], moved],
  ["the grant arrives twice", [{ verb: "grantMove", count: 1, fate: "twice" }], moved],
  [
    "the grant is lost and the destination's QEMU dies before it is sent again",
    [
      { verb: "grantMove", count: 1, fate: "lose" },
      { at: granting, do: "kill-qemu-b" },
    ],
    stays,
  ],
  [
    "the grant comes late, after the destination gave up and the source goes on",
    [
      { verb: "grantMove", count: 1, fate: "late" },
      { at: granting, do: "kill-qemu-b" },
    ],
    stays,
  ],
  [
    "the grant is lost and the source's QEMU dies: only the destination has the memory, and gets the VM",
    [
      { verb: "grantMove", count: 1, fate: "lose" },
      { at: granting, do: "kill-qemu-a" },
    ],
    moved,
  ],
  [
    "the grant is lost and both QEMUs die: the guest starts from its disks on the source",
    [
      { verb: "grantMove", count: 1, fate: "lose" },
      { at: granting, do: "kill-qemu-a" },
      { at: afterRelease, do: "kill-qemu-b" },
    ],
    stays,
  ],
  [
    "the source loses its power after the release, and the destination its link for ten minutes",
    [
      { at: afterRelease, do: "cut-power-a", ms: 2_000 },
      { at: "after a asks readMove", do: "link-down", ms: 600_000 },
    ],
    moved,
  ],
  [
    "the link is down for ten minutes right after the release: the loaded destination waits, and is granted",
    [{ at: afterRelease, do: "link-down", ms: 600_000 }],
    moved,
  ],
  [
    "both hosts lose their power right after the release: no memory is left, the source starts from its disks",
    [
      { at: afterRelease, do: "cut-power-a", ms: 3_000 },
      { at: "before a sync released", do: "cut-power-b", ms: 9_000 },
    ],
    stays,
  ],
  [
    "both hosts lose their power after the destination has synced that it owns the VM",
    [
      { at: "after b sync owner", do: "cut-power-b", ms: 3_000 },
      { at: "after a asks grantMove", do: "pause", ms: 40 },
    ],
    moved,
  ],
  [
    "the source's agent is killed twice: after the release, and again while it asks",
    [
      { at: afterRelease, do: "kill-agent-a", ms: 300 },
      { at: "after a asks readMove", do: "kill-agent-a", ms: 300 },
    ],
    moved,
  ],
  [
    "both agents are killed while the grant is on its way",
    [
      { at: "before b sync owner", do: "kill-agent-b", ms: 700 },
      { at: granting, do: "kill-agent-a", ms: 400 },
    ],
    moved,
  ],
  [
    "the destination's agent is killed between the sync of owner and the continue, and the source's at once",
    [
      { at: "after b sync owner", do: "kill-agent-b", ms: 700 },
      { at: "before b sync owner", do: "kill-agent-a", ms: 400 },
    ],
    moved,
  ],
  [
    "the source's disk is full for a minute when it is to release: it goes back, and nobody was granted anything",
    [{ at: beforeRelease, do: "fill-disk-a", ms: 60_000 }],
    stays,
  ],
  [
    "the source cannot tell whether `released` was written, and its agent is killed: the destination gave up first",
    [
      { at: beforeRelease, do: "torn-sync-a" },
      { at: "before b sync abandoned", do: "kill-agent-a", ms: 300 },
    ],
    stays,
  ],
  [
    "the source's disk is full when it takes the VM back: the guest stands until there is room, then goes on",
    [
      { at: afterRelease, do: "kill-qemu-b" },
      { at: granting, do: "fill-disk-a", ms: 30_000 },
    ],
    stays,
  ],
  [
    "the destination's disk is full for a minute when it is granted: the source gets its word once it can write",
    [{ at: granting, do: "fill-disk-b", ms: 60_000 }],
    stays,
  ],
  [
    "the source's disk is full when the VM has moved: it is told so once that can be written",
    [{ at: "before a sync former", do: "fill-disk-a", ms: 120_000 }],
    moved,
  ],
  [
    "the link dies for ten minutes in precopy: the source goes on, the destination gives up by silence",
    [{ at: "after a begins to send memory", do: "link-down", ms: 600_000 }],
    stays,
  ],
  [
    "the link dies for ten minutes while the guest stands at the gate",
    [{ at: "before a asks announceMove", do: "link-down", ms: 600_000 }],
    stays,
  ],
  [
    "the source dies for ten minutes in precopy: its guest starts again when it is back, the destination kept nothing",
    [{ at: "after a begins to send memory", do: "cut-power-a", ms: 600_000 }],
    stays,
  ],
  [
    "the word that the source has given up is lost, and its agent is killed: the destination is told after the restart",
    [
      { at: "before a ends the mirror", do: "cancel" },
      { verb: "abandonMove", count: 1, fate: "lose" },
      { at: "after a sync result cancelled", do: "kill-agent-a", ms: 500 },
    ],
    cancelled,
  ],
  ["the end is never told to the destination", [{ verb: "finishMove", count: 1, fate: "lose" }], moved],
  [
    "the preparation is heard a second time after the move: the owner refuses it",
    [{ verb: "prepareMove", count: 1, fate: "twice" }],
    moved,
  ],
  ["the preparation's answer is lost", [{ verb: "prepareMove", count: 1, fate: "mute" }], stays],
  ["the exports are let go of, and the answer is lost", [{ verb: "settleDisks", count: 1, fate: "mute" }], stays],
  [
    "the provider is killed in precopy: the source ends the move without it",
    [{ at: "after a begins to send memory", do: "kill-provider", ms: 30_000 }],
    moved,
  ],
  [
    "the provider is killed before the move begins, and begins it with the same id",
    [{ at: "after a sync operation", do: "kill-provider", ms: 5_000 }],
    moved,
  ],
  ["a cancel after the release is too late: the move ends as it would have", [{ at: granting, do: "cancel" }], moved],
  [
    "a cold move whose destination loses its power between the shutdown and the release: the guest starts on its source",
    [{ at: "before a asks announceMove", do: "cut-power-b", ms: 20_000 }],
    stays,
    "cold",
  ],
  [
    "a cold move whose source loses its power after the release: the guest starts on the destination",
    [{ at: afterRelease, do: "cut-power-a", ms: 20_000 }],
    moved,
    "cold",
  ],
  [
    "a cold move whose grant is lost while the destination loses its power: the guest starts on its source",
    [
      { verb: "grantMove", count: 1, fate: "lose" },
      { at: granting, do: "cut-power-b", ms: 3_000 },
    ],
    stays,
    "cold",
  ],
];

/** All of them. */
export function namedScenarios(): readonly Scenario[] {
  return rows.map(([name, faults, end, mode]) => ({ name, end, story: storyOf(faults, mode ?? "live") }));
}

function storyOf(faults: readonly Fault[], mode: Story["mode"]): Story {
  return { seed: 7, mode, faults };
}
