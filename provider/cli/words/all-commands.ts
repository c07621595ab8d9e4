// Every command of `leea`, in the order in which help shows them.

import type { CommandWords } from "./command-words";
import { hostOptions, jsonOption } from "./host-words";
import { gpusShape, moveShape, statusShape, whyShape } from "./json-shapes";

const vmArgument = { name: "VM", doc: "name or vmId of the VM" };

/** The commands. */
export const allCommands = {
  status: {
    name: "status",
    summary: "hosts, VMs and running moves, the worst thing first",
    args: [],
    options: [
      jsonOption,
      { name: "watch", doc: "look again and again: redraws in a terminal, prints what changed in a pipe" },
      ...hostOptions,
    ],
    about: [
      "Asks every host and shows what is not well first, then a table of hosts, then one of VMs with what each of them waits for. A link counts as up while its last handshake is younger than three minutes.",
    ],
    examples: ["leea status", "leea status --watch", "leea status --json --host root@10.0.0.11 --host root@10.0.0.12"],
    json: statusShape,
  },
  move: {
    name: "move",
    summary: "move a VM to another host, as a changed `node` would",
    args: [vmArgument, { name: "NODE", doc: "name or node id of the host to move to" }],
    options: [
      {
        name: "boot-file",
        value: "FILE",
        repeats: true,
        doc: "kernel or initrd of the VM on this machine, for a host that has it not",
      },
      { name: "cold", doc: "shut the VM down for the move and start it there; never chosen unasked" },
      { name: "dry-run", doc: "ask both hosts and say what stands against the move; move nothing" },
      jsonOption,
      ...hostOptions,
    ],
    about: [
      "Asks both hosts first and prints what speaks for or against the move; then moves the VM by the same operation as `pulumi up` would, so that one which runs at the same time joins it. The source's agent owns the move: Ctrl-C ends this program and not the move.",
      "A VM whose declared `node` is another one is moved back by the next `pulumi up` that sees it (`pulumi up --refresh`, or after `pulumi refresh`); declare the new host to keep it there.",
    ],
    examples: ["leea move web b", "leea move web b --dry-run", "leea move web b --cold"],
    json: moveShape,
  },
  cancel: {
    name: "cancel",
    summary: "cancel a VM's running move",
    args: [vmArgument],
    options: [jsonOption, ...hostOptions],
    about: [
      "Asks the source to undo the move, waits for its end, and says how it ended: cancelled, or finished because it was too late. From its cutover on a move cannot be cancelled.",
    ],
    examples: ["leea cancel web"],
    json: moveShape,
  },
  why: {
    name: "why",
    summary: "why a VM is where it is, and in the state that it is in",
    args: [vmArgument],
    options: [{ name: "last", value: "COUNT", doc: "how many decisions; absent means 20" }, jsonOption, ...hostOptions],
    about: [
      "Shows what every host's record says of the VM, what the VM waits for, and the last decisions of all hosts that know it, with their evidence, in the order of the hosts' clocks. A former host and the host of a deleted VM tell their part too; name a deleted VM by its vmId.",
    ],
    examples: ["leea why web", "leea why web --last 100 --json"],
    json: whyShape,
  },
  gpus: {
    name: "gpus",
    summary: "GPUs of all hosts, what each offers, and who has them",
    args: [],
    options: [
      {
        name: "release",
        value: "PARTITION",
        doc: "name or id of a partition to give back to its host, where its VM or its stack is gone; only told without --yes",
      },
      { name: "yes", doc: "with --release: do it" },
      jsonOption,
      ...hostOptions,
    ],
    about: [
      "Asks every host for its GPUs: model, driver, IOMMU group, VFs, types of partitions with what is free, and in which ways each can be had now. Says what a host lacks with its one-line mend, how the host itself uses a GPU and how that is known (boot display, enabled connector, console, open handles with pid and program), and who owns each partition. It changes nothing but by --release.",
      "A partition whose VM its host knows no more is told and stays as it is: no other VM gets it. `--release` gives its device back to the host's driver. The host refuses that for a partition of a VM that it knows, and for one that a program has open. A stack that still declares it makes it again by its next `up` with a refresh.",
    ],
    examples: ["leea gpus", "leea gpus --json --host root@10.0.0.11", "leea gpus --release render --yes"],
    json: gpusShape,
  },
  console: {
    name: "console",
    summary: "a VM's serial console",
    args: [vmArgument],
    options: [
      { name: "take", doc: "send away whoever has the console now" },
      {
        name: "linger",
        value: "SECONDS",
        doc: "in a pipe: how long to go on reading after the end of the input; absent means 1",
      },
      ...hostOptions,
    ],
    about: [
      "Connects this terminal to the VM's serial port; Ctrl-] leaves. One person at a time: a second one is told so. When the VM moves, the console follows it. In a pipe, standard input goes to the guest and what it prints to standard output, byte for byte.",
    ],
    examples: ["leea console web", "echo uname -a | leea console web"],
  },
  logs: {
    name: "logs",
    summary: "what a VM printed on its serial console, and QEMU's own words",
    args: [vmArgument],
    options: [
      { name: "follow", doc: "go on as it is written, also after a move" },
      { name: "qemu", doc: "QEMU's own log in place of the serial console's" },
      {
        name: "lines",
        value: "COUNT",
        doc: "how many of the last lines to begin with; absent means 200, 0 means none",
      },
      ...hostOptions,
    ],
    about: [
      "Each host keeps the last 1 to 2 MiB of a VM's serial output while the VM is there; after a move they begin anew.",
    ],
    examples: ["leea logs web", "leea logs web --follow", "leea logs web --qemu"],
  },
  lab: own("lab", "Linux hosts on this machine, to try and test on"),
  story: own("story", "the whole story in the lab: hosts, a VM, and its live move"),
  bench: own("bench", "leea beside the same by the barest means and its peers, in the lab"),
  pulumi: own("pulumi", "the Pulumi CLI, on the story's stack"),
} as const satisfies Record<string, CommandWords>;

/** Name of a command. */
export type CommandName = keyof typeof allCommands;

function own(name: string, summary: string): CommandWords {
  return { name, summary, args: [], options: [], about: [], examples: [], own: true };
}
