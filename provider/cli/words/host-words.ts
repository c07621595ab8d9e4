// The options of every command that reaches hosts, and how hosts are found, in words.

import type { OptionWords } from "./command-words";

/** Ways to hosts. The names are those of a MeshNode's `connection`. */
export const hostOptions: readonly OptionWords[] = [
  {
    name: "host",
    value: "[USER@]HOST[:PORT]",
    repeats: true,
    doc: "a host to ask, in place of those of the Pulumi stack; again for more; LEEA_HOSTS holds the same, separated by blanks or commas",
  },
  { name: "stack", value: "STACK", doc: "the Pulumi stack whose hosts are asked; absent means the selected one" },
  {
    name: "identity",
    value: "FILE",
    doc: "private key to log in with; absent means the SSH agent and the usual files",
  },
  { name: "known-hosts", value: "FILE", doc: "file that holds the hosts' SSH keys; absent means ~/.ssh/known_hosts" },
  { name: "jump", value: "[USER@]HOST[:PORT]", doc: "host to go through, for hosts given by --host" },
  { name: "sudo", doc: "become root by `sudo -n` on hosts given by --host; the default for every login but root" },
];

/** The switch for output that programs read. */
export const jsonOption: OptionWords = { name: "json", doc: "print JSON of the documented shape, and nothing else" };

/** Paragraphs of docs/cli.md on how hosts are found. */
export const hostParagraphs: readonly string[] = [
  "Commands that reach hosts take them from `--host`; else from the environment variable `LEEA_HOSTS`; else from the Pulumi project in the current folder, whose stack is read by `pulumi stack export`: every MeshNode's `connection` is the way to it. What is declared there holds no credential: keys come from the SSH agent, your ssh_config, key files, or, for identities that are names, the stack's `leea:credentials`. A host's SSH key is checked as `pulumi up` checks it.",
  "A VM is named by its name or its vmId, a host by its name or its node id. Where a name fits several VMs, all of them are listed with their vmIds. A host that does not answer is shown with the reason, and the others go on; a VM that moved is followed to where its former host says it went.",
];
