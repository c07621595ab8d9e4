// The agent's program. `serve` runs it, `connect` relays standard input and output to its socket, `version` tells what
// it is. It never reaches out to anyone but the hosts that an operator's move names.

import { productVersion } from "../protocol/version";
import { connectStdio } from "./connect";
import { hostPaths } from "./host-paths";
import { serve } from "./serve";

async function main(argv: readonly string[]): Promise<void> {
  const [command] = argv;
  if (command === "serve") return serve();
  if (command === "connect") return connectStdio(hostPaths().socket);
  if (command === "version") {
    process.stdout.write(`${productVersion}\n`);
    return;
  }
  process.stderr.write("usage: leea-agent serve | connect | version\n");
  process.exitCode = 2;
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
