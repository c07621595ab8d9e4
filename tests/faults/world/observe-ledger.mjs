// Fetches the test guest's ledger of acknowledged blocks again and again, and prints each line that is new.
// usage: node observe-ledger.mjs ADDRESS INTERVAL_MS; ends with its input. It runs outside of the guest's fate.
import { createConnection } from "node:net";

const LEDGER_PORT = 7003;
const LIMIT_MS = 2500;
const [address, intervalMs] = process.argv.slice(2);
const known = new Map();

function fetchOnce() {
  return new Promise((resolve) => {
    let text = "";
    const socket = createConnection({ host: address, port: LEDGER_PORT });
    const timer = setTimeout(() => socket.destroy(), LIMIT_MS);
    socket.setEncoding("utf8").on("data", (chunk) => (text += chunk));
    socket.on("error", () => {}); // the guest stands still, or is out of reach: asked again
    socket.on("close", () => {
      clearTimeout(timer);
      resolve(text);
    });
  });
}

// A cut dump is used up to its last whole line: each line is one acknowledged block.
function printNew(text) {
  const news = text
    .slice(0, text.lastIndexOf("\n") + 1)
    .split("\n")
    .filter((line) => {
      const at = line.lastIndexOf(" ");
      if (at === -1 || known.get(line.slice(0, at)) === line.slice(at)) return false;
      known.set(line.slice(0, at), line.slice(at));
      return true;
    });
  if (news.length > 0) process.stdout.write(`${news.join("\n")}\n`);
}

process.stdin.on("end", () => process.exit(0)).resume();
process.stdout.on("error", () => process.exit(0));
for (;;) {
  printNew(await fetchOnce());
  process.stdout.write("asked\n");
  await new Promise((resolve) => setTimeout(resolve, Number(intervalMs)));
}
