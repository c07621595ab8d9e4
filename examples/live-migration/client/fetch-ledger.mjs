// Prints the test guest's ledger of acknowledged blocks: lines "DISK LBA SEQUENCE".
// usage: node fetch-ledger.mjs ADDRESS [LIMIT_MS]; exit 2 when the guest did not give all of it in time.
import { createConnection } from "node:net";

const LEDGER_PORT = 7003;
const DEFAULT_LIMIT_MS = 15000;

const [address, limit] = process.argv.slice(2);
if (address === undefined) {
  process.stderr.write("usage: fetch-ledger.mjs ADDRESS [LIMIT_MS]\n");
  process.exit(1);
}
const limitMs = limit === undefined ? DEFAULT_LIMIT_MS : Number(limit);
const socket = createConnection({ host: address, port: LEDGER_PORT });
const timer = setTimeout(() => socket.destroy(new Error(`not complete in ${limitMs} ms`)), limitMs);
socket.on("error", (error) => {
  process.stderr.write(`no ledger from ${address}: ${error.message}\n`);
  process.exitCode = 2;
});
socket.on("close", () => clearTimeout(timer));
socket.pipe(process.stdout, { end: false });
