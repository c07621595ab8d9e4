// What a row of the bench means, in words for a reader of the document. A row is found by how its name begins.

const words: Readonly<Record<string, string>> = {
  "agent call over warm SSH":
    "one question of the provider to a host's agent over the SSH connection that is open anyway. Floor: the same HTTP over the same SSH library to a Node server that does nothing. Peer: a fresh `ssh host true`, which is what a tool without an agent pays for each step.",
  "bare host to ready":
    "from the first SSH connection to a host without leea to an agent that answers. Floor: the start of a bare Node server.",
  "agent memory": "resident memory of the agent's process. Floor: a bare Node server on the same runtime.",
  "agent bundle": "size of the one file that is sent to a host.",
  "STOP to RESUME":
    "from QEMU's STOP event on the source to its RESUME event on the destination. Floor: a script that drives QEMU with the same streams and the same mirrored disk, but without records, grant or agent, so that a crash at the wrong moment loses the guest or runs it twice.",
  "guest's whole outage":
    "QEMU's own downtime, which begins before the STOP event, and from the source's completion to RESUME.",
  "downtime by QEMU":
    "what QEMU itself reports (`query-migrate`), with a limit of 30 ms on every side. The peer's streams are not encrypted.",
  "whole move": "from the command to its end, the destination's start and the source's end included.",
  "up of one move":
    "the whole `pulumi up` of one changed line that moves a running VM. Floor: an `up` of a program that declares nothing, and one and a half times that run's move.",
  "pings lost":
    "echo requests, one each 10 ms from a third host, that a VM which moves meanwhile never answers; the worst of the moves. Floor: a script with the order of routes that was measured to lose nothing, moving a guest of its own through the same mesh. Peer: virsh, both routes changed when its destination reports the guest resumed.",
  "longest gap": "the longest silence between two answers to those requests, in the middle one of the moves.",
  create:
    "bare hosts and a program, from the command to the last guest's answer. Floor: an empty `up`, then the same QEMUs started side by side by a script. Peer: OpenTofu or Terraform with dmacvicar/libvirt.",
  "plan of":
    "the whole `tofu plan` (or `terraform plan`), several starts of the provider included. Floor: as many things of the same fields from a provider that does nothing, through the same plugin layer, under the same CLI. The round trips are measured alone: one new SSH connection a host and one call a resource, ten at once as the CLI asks, through leea's own SSH and HTTP client, whose work is thus on the floor's side.",
  "provider start":
    "from the start of the packaged provider's process to the line that tells the CLI where it listens, TLS included. Floor: the provider that does nothing.",
  "provider memory": "the most that a process of the provider held at any time of that plan.",
  "up with": "the whole `pulumi up`. Floor: as many trivial dynamic resources under the same engine.",
};

/** The words for a row. */
export function describeRow(row: string): string {
  const found = Object.entries(words).find(([start]) => row.startsWith(start));
  return found?.[1] ?? "";
}
