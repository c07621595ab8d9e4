// The bundle behind `terraform-provider-leea`: started by Terraform or OpenTofu, it says where it listens and serves until
// it is told to end. Nothing but the handshake line may go to standard output.

import { bundledAgentHash } from "../controller/install/agent-bundle";
import { endWithParent } from "./plugin/end-with-parent";
import { handshakeLine, readHandshake, refuseStart } from "./plugin/handshake";
import { listen } from "./plugin/listen";
import { createProviderServer } from "./plugin/provider-server";
import { createLog } from "./session/log-record";
import { createProvider } from "./session/provider";

async function serve(): Promise<void> {
  const handshake = readHandshake(process.env, process.platform);
  const provider = createProvider({
    hosts: {
      // SSH is loaded with the first host: Terraform starts a process to read the schema, and one to validate.
      open: async (connection, options) => (await import("../controller/host-session")).openHost(connection, options),
      removeAgent: async (connection) => (await import("../controller/host-session")).removeAgent(connection),
      bundledAgentHash,
    },
    programFolder: process.cwd(),
    writeLog: createLog((line) => process.stderr.write(line)),
    credentialsText: process.env["LEEA_CREDENTIALS"],
  });
  let cleanUp = (): void => undefined;
  const end = (): void => {
    cleanUp();
    process.exit(0);
  };
  const server = createProviderServer(provider, () => setImmediate(end));
  const listening = await listen(server, handshake);
  cleanUp = listening.cleanUp;
  // Ctrl-C reaches every process of the terminal; Terraform tells us by StopProvider.
  process.on("SIGINT", () => undefined);
  process.on("SIGTERM", end);
  endWithParent(end);
  process.stdout.write(handshakeLine(handshake, listening.address, listening.certificateDer));
}

const refusal = refuseStart(process.env);
if (refusal === undefined) {
  serve().catch((error: unknown) => {
    console.error(error);
    process.exit(1);
  });
} else {
  console.error(refusal);
  process.exitCode = 1;
}
