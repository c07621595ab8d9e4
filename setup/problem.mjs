// What stopped a setup step, told in one line, with the next step for the person who reads it.
// It never prints a stack for something that a person can mend.

/** A foreseen failure: `message` says what failed, `hint` what to do next, `detail` the end of a tool's output. */
export class Problem extends Error {
  constructor(message, hint, detail) {
    super(message);
    this.hint = hint;
    this.detail = detail;
  }
}

/** Ends the run because a person or a parent asked for it; `exitStatus` is 128 + the signal's number. */
export class Interrupted extends Problem {
  constructor(signal) {
    super("Interrupted", "The next run cleans up what was half done and goes on");
    this.exitStatus = signal === "SIGINT" ? 130 : 143;
  }
}

/** Prints one failure on stderr: output of the tool first, so that message and hint are the last thing seen. */
export function printProblem(error) {
  if (!(error instanceof Problem)) {
    console.error(error);
    return;
  }
  if (error.detail) console.error(`\n${error.detail.trimEnd()}`);
  console.error(`\n${error.message}`);
  if (error.hint) console.error(`  ${error.hint.replaceAll("\n", "\n  ")}`);
}
