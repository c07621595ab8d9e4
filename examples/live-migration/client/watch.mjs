// The watching client: pings a machine each 10 ms and holds two connections to it until told to stop, then reports.
// usage: node watch.mjs ADDRESS OUT.json|- [--connect-limit-ms N]. Prints WATCHING when all works. Stops on SIGTERM, SIGINT or when its input closes.
// Must never open a connection twice: a connection that breaks stays broken in the report.
import { spawn } from "node:child_process";
import { fstatSync, renameSync, writeFileSync } from "node:fs";
import { createConnection } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import report from "./watch-report.js";

const { LineTally, PingTally, splitLines } = report;
const GUEST_TALKS_PORT = 7001;
const BOTH_TALK_PORT = 7002;
const TALK_PERIOD_MS = 50;
const GRACE_MS = 2000; // an answer may be this late
const DEFAULT_CONNECT_LIMIT_MS = 15000;

const wallClockMs = () => performance.timeOrigin + performance.now(); // never steps back

function connect(address, port, limitMs) {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host: address, port, noDelay: true });
    const timer = setTimeout(
      () => socket.destroy(new Error(`no connection to ${address}:${port} in ${limitMs} ms`)),
      limitMs,
    );
    socket.once("error", reject);
    socket.once("connect", () => {
      clearTimeout(timer);
      socket.off("error", reject);
      resolve(socket);
    });
  });
}

/** Listens on a connection; gives {tally, socket, first}: `first` settles with the first line. */
async function listen(address, port, limitMs) {
  const socket = await connect(address, port, limitMs);
  const tally = new LineTally(wallClockMs());
  socket.setEncoding("utf8");
  socket.on("error", () => tally.end()); // the report says it: alive false
  socket.on("close", () => tally.end());
  const first = new Promise((resolve) => {
    socket.on(
      "data",
      splitLines((line) => {
        tally.take(line, wallClockMs());
        resolve();
      }),
    );
  });
  return { tally, socket, first };
}

function talk(socket) {
  let counter = 0;
  const timer = setInterval(() => {
    counter += 1;
    if (socket.writable) socket.write(`${counter} ${Math.round(wallClockMs())}\n`);
  }, TALK_PERIOD_MS);
  return () => clearInterval(timer);
}

/** Starts ping; gives {tally, child, first}. A ping that ends by itself ends the watch: there is nothing left to report. */
function startPing(address) {
  const child = spawn("ping", ["-n", "-D", "-O", "-i", "0.01", address], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, LC_ALL: "C" },
  });
  const tally = new PingTally();
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text) => (complaint += text));
  child.on("error", (error) => fail(`Unable to run ping (iputils): ${error.message}`));
  const ended = new Promise((resolve) => child.once("close", resolve));
  const first = new Promise((resolve) => {
    child.stdout.setEncoding("utf8").on(
      "data",
      splitLines((line) => {
        tally.take(line);
        if (tally.answered.size > 0) resolve();
      }),
    );
  });
  void ended.then(() => stopping || fail(`ping ended by itself: ${complaint.trim()}`));
  return { tally, child, first, ended };
}

function fail(message) {
  process.stderr.write(`watch: ${message}\n`);
  process.exit(1);
}

let stopping = false;
function waitForStop() {
  return new Promise((resolve) => {
    process.once("SIGTERM", resolve);
    process.once("SIGINT", resolve);
    const input = fstatSync(0);
    if (input.isFIFO() || input.isSocket()) process.stdin.on("end", resolve).on("error", resolve).resume();
  });
}

async function watch(address, outFile, limitMs) {
  const stopped = waitForStop();
  const startedAtMs = wallClockMs();
  const ping = startPing(address);
  const guestOnly = await listen(address, GUEST_TALKS_PORT, limitMs);
  const both = await listen(address, BOTH_TALK_PORT, limitMs);
  const silence = talk(both.socket);
  void Promise.all([ping.first, guestOnly.first, both.first]).then(() => process.stdout.write("WATCHING\n"));
  await stopped;
  const stoppedAtMs = wallClockMs();
  for (const each of [ping, guestOnly, both]) each.tally.close(stoppedAtMs);
  await wait(GRACE_MS);
  stopping = true;
  silence();
  ping.child.kill("SIGINT");
  await ping.ended;
  const connections = { guestOnly: guestOnly.tally.report(), both: both.tally.report() };
  const connectionAlive = connections.guestOnly.alive && connections.both.alive;
  save(outFile, {
    address,
    startedAtMs: Math.round(startedAtMs),
    durationMs: Math.round(stoppedAtMs - startedAtMs),
    pings: ping.tally.report(),
    connections,
    connectionAlive,
  });
  guestOnly.socket.destroy();
  both.socket.destroy();
}

function save(outFile, value) {
  if (outFile === "-") {
    process.stdout.write(`${JSON.stringify(value)}\n`);
    return;
  }
  writeFileSync(`${outFile}.new`, `${JSON.stringify(value, null, 2)}\n`);
  renameSync(`${outFile}.new`, outFile);
}

const [address, outFile, option, limit] = process.argv.slice(2);
if (outFile === undefined) fail("usage: watch.mjs ADDRESS OUT.json|- [--connect-limit-ms N]");
watch(address, outFile, option === "--connect-limit-ms" ? Number(limit) : DEFAULT_CONNECT_LIMIT_MS).then(
  () => process.exit(0),
  (error) => fail(error.message),
);
