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

/** The exit status that a failure gives: 1, or what the signal demands. */
export function exitStatusOf(error) {
  const errors = error instanceof AggregateError ? error.errors : [error];
  return errors.find((one) => one instanceof Interrupted)?.exitStatus ?? 1;
}

/** Ends the run because a person or a parent asked for it; `exitStatus` is 128 + the signal's number. */
export class Interrupted extends Problem {
  constructor(signal) {
    super("Interrupted", "The next run cleans up what was half done and goes on");
    this.exitStatus = signal === "SIGINT" ? 130 : 143;
  }
}

/** Prints a failure, or several, on stderr: output of the tool first, so that message and hint are seen last. */
export function printProblem(error) {
  if (error instanceof AggregateError) {
    // One Ctrl-C ends several steps; it is told once.
    const wasInterrupted = error.errors.find((one) => one instanceof Interrupted);
    for (const one of wasInterrupted ? [wasInterrupted] : error.errors) printProblem(one);
    return;
  }
  if (!(error instanceof Problem)) {
    console.error(error);
    return;
  }
  if (error.detail) console.error(`\n${error.detail.trimEnd()}`);
  console.error(`\n${error.message}`);
  if (error.hint) console.error(`  ${error.hint.replaceAll("\n", "\n  ")}`);
}
