// Calm output for the steps of a setup: one aligned line a step, with how long it took, on stderr.
// Steps may run side by side. A terminal sees the running ones on one changing line; a log sees a line a minute.

const NAME_WIDTH = 16;
const TEXT_WIDTH = 66;
const TERMINAL_EVERY_MS = 250;
const LOG_EVERY_MS = 60_000;

/** Elapsed time for a person: "0.4 s", "12 s", "3 min 05 s". */
export function formatDuration(elapsedMs) {
  const seconds = elapsedMs / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
}

/**
 * A reporter. `run(name, work)` gives `work` a `say(text)` for progress and an `announce(text)` for what must be read
 * before it happens; `work` resolves to the text of the finished line, or to `{ ready: text }` when nothing was to do.
 */
export function createSteps({ tellReady, out = process.stderr } = {}) {
  const running = new Map();
  const print = (name, text, time = "") => {
    if (out.isTTY) out.write("\r\x1b[K");
    out.write(`  ${name.padEnd(NAME_WIDTH)}  ${text.padEnd(TEXT_WIDTH)}  ${time}`.trimEnd() + "\n");
  };
  let timer;
  const refresh = () => {
    if (out.isTTY) out.write(`\r\x1b[K${statusLine(running, out.columns ?? 100)}`);
    else for (const step of running.values()) printMinute(step, print);
  };
  const run = async (name, work) => {
    const step = { name, text: "", startedAt: Date.now(), toldAt: Date.now() };
    running.set(name, step);
    timer ??= setInterval(refresh, TERMINAL_EVERY_MS).unref();
    const say = (text) => {
      step.text = text;
    };
    try {
      const result = await work({ say, announce: (text) => print(name, text) });
      const elapsed = formatDuration(Date.now() - step.startedAt);
      if (result?.ready === undefined) print(name, result ?? "done", elapsed);
      else if (tellReady) print(name, result.ready, elapsed);
    } catch (error) {
      print(name, "failed", formatDuration(Date.now() - step.startedAt));
      throw error;
    } finally {
      running.delete(name);
      if (running.size === 0) timer = clearTimer(timer, out);
    }
  };
  return { run };
}

function clearTimer(timer, out) {
  clearInterval(timer);
  if (out.isTTY) out.write("\r\x1b[K");
  return undefined;
}

function statusLine(running, columns) {
  const parts = [...running.values()]
    .filter((step) => step.text !== "")
    .map((step) => `${step.name}: ${step.text} (${formatDuration(Date.now() - step.startedAt)})`);
  return `  ${parts.join("  |  ")}`.slice(0, columns - 1);
}

function printMinute(step, print) {
  if (Date.now() - step.toldAt < LOG_EVERY_MS || step.text === "") return;
  step.toldAt = Date.now();
  print(step.name, step.text, formatDuration(Date.now() - step.startedAt));
}
