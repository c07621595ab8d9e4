// What nobody caught while a fuzzer ran: a rejection or a throw that would have ended the agent.

/** Collects them from before the file's tests to after them; the list is empty as long as nothing got away. */
export function watchStrays(): readonly unknown[] {
  const strays: unknown[] = [];
  const note = (reason: unknown): void => void strays.push(reason);
  beforeAll(() => {
    process.on("unhandledRejection", note);
    process.on("uncaughtException", note);
  });
  afterAll(() => {
    process.off("unhandledRejection", note);
    process.off("uncaughtException", note);
  });
  return strays;
}
