// Asks the test guest one thing over UDP and prints its JSON answer.
// usage: node ask.mjs [--deadline-ms N] ADDRESS COMMAND... ; exit 2 when no answer came in time.
// Repeats the same numbered request until it is answered: the guest carries it out once.
import { randomBytes } from "node:crypto";
import { createSocket } from "node:dgram";

const CONTROL_PORT = 7000;
const REPEAT_MS = 250;
const DEFAULT_DEADLINE_MS = 10000;

function ask(address, command, deadlineMs) {
  const id = randomBytes(8).toString("hex");
  const socket = createSocket("udp4");
  return new Promise((resolve) => {
    const send = () => socket.send(`#${id} ${command}`, CONTROL_PORT, address, () => {}); // an error now is a lost packet: repeated
    const repeat = setInterval(send, REPEAT_MS);
    const finish = (answer) => {
      clearInterval(repeat);
      clearTimeout(timer);
      socket.close();
      resolve(answer);
    };
    const timer = setTimeout(() => finish(undefined), deadlineMs);
    socket.on("error", () => {}); // "port unreachable" while the guest boots: asked again
    socket.on("message", (message) => {
      const text = message.toString("utf8");
      if (text.startsWith(`#${id} `)) finish(text.slice(id.length + 2));
    });
    send();
  });
}

const words = process.argv.slice(2);
const deadlineMs = words[0] === "--deadline-ms" ? Number(words.splice(0, 2)[1]) : DEFAULT_DEADLINE_MS;
const [address, ...command] = words;
if (address === undefined || command.length === 0) {
  process.stderr.write("usage: ask.mjs [--deadline-ms N] ADDRESS COMMAND...\n");
  process.exit(1);
}
const answer = await ask(address, command.join(" "), deadlineMs);
if (answer === undefined) {
  process.stderr.write(`no answer from ${address} to "${command.join(" ")}" in ${deadlineMs} ms\n`);
  process.exitCode = 2;
} else process.stdout.write(`${answer}\n`);
