// The registry's first page of the provider: what it is for, how it is asked for, its settings, and what a user must know
// of it that no field says.

import { emitFieldLists } from "./emit-field-lists";
import { providerExample } from "./examples";
import { credentialFields, providerFields } from "./terraform-fields";

const introduction = `---
page_title: "Provider: leea"
subcategory: ""
description: |-
  Virtual machines on plain hosts that move live by a changed line.
---

<!-- Generated from schema/ by \`npm run generate\`; never edited by hand. -->

# leea Provider

Virtual machines on plain Linux hosts that have nothing but SSH. The provider puts one small agent on each host, links the
hosts into an encrypted mesh that routes itself, runs the VMs on QEMU, and, when a VM's \`node\` changes, **moves the running
VM live**: the plan shows an update in place, with a warning that says that it moves live, cold or restarts, and why.

## Example Usage

\`\`\`terraform
${providerExample}\`\`\`

The same in Pulumi and in CDK programs is in the guide [The same in Pulumi, HCL and CDK](guides/pulumi-hcl-cdk.md).
`;

const whatToKnow = `## What to know

- **Who owns what.** \`owner\` and a resource's \`name\` at its birth make its identity. An apply that was killed before its state
  was written finds what it has made, and adopts it. A later \`name\` renames.
- **Credentials** are never in a configuration's state. Keys come from the SSH agent, the usual files, a file that \`identity\`
  names, or \`credentials\` here, which \`LEEA_CREDENTIALS\` gives as well.
- **What a plan asks.** A plan asks hosts when it refreshes and when a move is due: a move that the hosts would refuse now is an
  error of the plan. A host that does not answer keeps its last state, with a warning.
- **Progress.** Terraform shows none of a provider's. \`leea status --watch\` does, and so does \`TF_LOG_PROVIDER=INFO\`.
- **Ctrl-C** ends the waiting and not the move: the next apply joins it.
- **Without a registry**, \`npm run package\` makes bundles for a \`filesystem_mirror\`; Node is inside.
- **Where it runs.** On Linux with glibc 2.28 or newer and libstdc++ (amd64, arm64), which its Node needs. Not on Alpine, and so not in
  the images of the CLIs' own makers: use a Debian-based image. There, and on macOS, \`dev_overrides\` with a checkout's
  \`provider/dist\` runs it on a Node of your own (20 or newer).
`;

/** The text of docs/index.md. */
export function emitProviderPage(): string {
  const entry = emitFieldLists(credentialFields, "none")
    .replaceAll("### ", "")
    .replaceAll(/^(Required|Optional)$/gm, "$1:");
  const credentials =
    "`credentials` (Attributes Map, Sensitive) has private keys by the name that `identity` says. Each has:";
  return [
    introduction,
    whatToKnow,
    "## Schema\n",
    `${emitFieldLists(providerFields, "none")}\n`,
    "### Credentials\n",
    `${credentials}\n`,
    `${entry}\n`,
  ].join("\n");
}
