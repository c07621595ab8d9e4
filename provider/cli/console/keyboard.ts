// Standard input as the hands at a console: a terminal goes raw, so that every key but Ctrl-] reaches the guest; a pipe
// is passed on as it is, and its end ends the session a little later, so that the answer is still read.

import type { Writable } from "node:stream";

/** The input of one session, whichever stream it goes to. */
export interface Keyboard {
  /** Sends what is typed to this stream from now on; calls back once when the person leaves. */
  typeInto(stream: Writable, onLeave: () => void): void;
  isLeft(): boolean;
  /** Gives the terminal back as it was. */
  close(): void;
}

const escape = 0x1d; // Ctrl-]

/** Takes standard input. */
export function openKeyboard(lingerMs: number): Keyboard {
  const { stdin } = process;
  let target: Writable | undefined;
  let leave: () => void = () => undefined;
  let hasLeft = false;
  const goAway = (): void => {
    hasLeft = true;
    leave();
  };
  const type = (keys: Buffer): void => {
    const at = stdin.isTTY ? keys.indexOf(escape) : -1;
    const sent = at < 0 ? keys : keys.subarray(0, at);
    if (sent.length > 0 && target?.writable === true && !target.write(sent)) waitForDrain(target);
    if (at >= 0) goAway();
  };
  const end = (): void => void setTimeout(goAway, lingerMs);
  if (stdin.isTTY) stdin.setRawMode(true);
  return {
    typeInto(stream, onLeave) {
      [target, leave] = [stream, onLeave];
      if (hasLeft) return onLeave();
      if (stdin.listenerCount("data") === 0) stdin.on("data", type).once("end", end);
      stdin.resume();
    },
    isLeft: () => hasLeft,
    close() {
      stdin.off("data", type).off("end", end).pause();
      if (stdin.isTTY) stdin.setRawMode(false);
    },
  };
}

/** A long paste is not kept in memory while the guest takes it in. */
function waitForDrain(target: Writable): void {
  process.stdin.pause();
  const go = (): void => void process.stdin.resume();
  target.once("drain", go).once("close", go);
}
