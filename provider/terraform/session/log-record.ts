// Records for Terraform's log: one JSON line each on standard error, in the words of its logger (`TF_LOG_PROVIDER` shows
// them). Never holds a secret: it is given none.

/** How much a record matters. */
export type LogLevel = "debug" | "info" | "warn" | "error";

/** Takes one record. */
export type WriteLog = (level: LogLevel, message: string) => void;

/** A writer of records. `write` takes one line with its end. */
export function createLog(write: (line: string) => void): WriteLog {
  return (level, message) =>
    write(`${JSON.stringify({ "@level": level, "@message": message, "@module": "provider.leea" })}\n`);
}
