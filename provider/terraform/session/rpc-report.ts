// Where handlers report to during one RPC: everything goes to Terraform's log, and notes are kept so that the answer can
// warn of them. Terraform shows no progress of a provider's.

import { describeProgress } from "../../controller/handlers/describe-progress";
import type { Report } from "../../controller/handlers/handler-context";
import type { WriteLog } from "./log-record";

/** The report of one RPC. `notes` grows as the handler speaks. */
export interface RpcReport {
  readonly report: Report;
  readonly notes: readonly string[];
}

/** A report that writes to the log. */
export function createRpcReport(writeLog: WriteLog): RpcReport {
  const notes: string[] = [];
  return {
    notes,
    report: {
      note: (subject, text) => {
        notes.push(`${subject}: ${text}`);
        writeLog("info", `${subject}: ${text}`);
      },
      progress: (subject, progress) => writeLog("info", `${subject}: ${describeProgress(progress)}`),
    },
  };
}
