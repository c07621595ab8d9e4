// Progress as it comes: one line that is redrawn in a terminal, in a pipe a line at each change of phase and every five
// seconds. It writes to standard error's stream or whatever it is given, and decides nothing.

import type { Progress } from "../../protocol/operation";
import { progressBar, progressLine } from "./progress-line";

/** Where progress is shown. */
export interface ProgressScreen {
  readonly isTerminal: boolean;
  readonly columns: () => number;
  readonly write: (text: string) => void;
  readonly nowMs: () => number;
}

/** Shows progress until it is ended. */
export interface ShownProgress {
  show(progress: Progress): void;
  /** Leaves the line, so that others can write. */
  end(): void;
}

const pipeLineMs = 5_000;
const pipeWordsMs = 1_000;
const redrawMs = 100;

/** Begins to show. */
export function showProgress(screen: ProgressScreen): ShownProgress {
  let last: { readonly phase: string; readonly message: string | undefined; readonly atMs: number } | undefined;
  let isDrawn = false;
  const isDue = ({ phase, message }: Progress): boolean => {
    if (last === undefined || last.phase !== phase) return true;
    const everyMs = screen.isTerminal ? redrawMs : last.message === message ? pipeLineMs : pipeWordsMs;
    return screen.nowMs() - last.atMs >= everyMs;
  };
  return {
    show(progress) {
      if (!isDue(progress)) return;
      last = { phase: progress.phase, message: progress.message, atMs: screen.nowMs() };
      if (screen.isTerminal) screen.write(`\r\u001b[2K${progressBar(progress, screen.columns())}`);
      else screen.write(`${progressLine(progress)}\n`);
      isDrawn = screen.isTerminal;
    },
    end() {
      if (isDrawn) screen.write("\r\u001b[2K");
      isDrawn = false;
    },
  };
}
