// What one package of the provider holds. Only one name may begin with `terraform-provider-leea`: the first that does, in
// alphabetical order, is what Terraform and OpenTofu start.

import { join } from "node:path";
import { ROOT } from "../paths.mjs";

/** Of the messages that Terraform and its providers exchange, which are in the bundle. */
const PROTO_LICENSE = join(ROOT, "provider", "terraform", "proto", "LICENSE");

/** Name of the file that is started. */
export function programName(version) {
  return `terraform-provider-leea_v${version}`;
}

// No `dirname`, no `readlink`: each is a process, and the provider is started three times a plan. `$0` has a slash, because
// it is started by its path. What a person's NODE_OPTIONS ask of their own programs must not reach this one.
/** What a CLI starts: a file with this text beside `node` and `provider.cjs`. */
export const START_SCRIPT = `#!/bin/sh
# Starts the provider on the Node that is shipped beside it.
unset NODE_OPTIONS NODE_PATH
exec "\${0%/*}/node" "\${0%/*}/provider.cjs" "$@"
`;

/**
 * The files of a package, sorted by name: {name, isProgram} and either `text` or `path`.
 * `provider` and `agent` are bundles, `licenses` those of npm's packages in them, `runtime` is what ensureNodeRuntime gives; all are paths.
 */
export function packageFiles({ version, provider, agent, licenses, runtime }) {
  return [
    { name: "LICENSE.node", path: runtime.license },
    { name: "LICENSE.npm", path: licenses },
    { name: "LICENSE.proto", path: PROTO_LICENSE },
    { name: "agent.cjs", path: agent },
    { name: "node", path: runtime.node, isProgram: true },
    { name: "provider.cjs", path: provider },
    { name: programName(version), text: START_SCRIPT, isProgram: true },
  ];
}
