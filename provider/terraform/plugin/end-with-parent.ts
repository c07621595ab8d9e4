// Ends the provider when whoever started it is gone: a Terraform that was killed sends no order to end, and its plugins
// would stay for ever.

const lookEveryMs = 1_000;

/** Calls `end` once the parent process is another one than now. */
export function endWithParent(end: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    end();
  }, lookEveryMs);
  timer.unref();
}
