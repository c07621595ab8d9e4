// What an answer of the agent may be, whatever was asked: never a 5xx without a code of the catalogue, never INTERNAL, which
// is the word for a defect.

import { errorCodes } from "../../provider/model/errors";
import type { FuzzedAnswer } from "./send-fuzzed";

/** Statuses of Node's own HTTP parser, which has no body of ours: the request was no HTTP, or its head too large. */
const parserStatuses = [400, 408, 413, 414, 417, 431, 501];

/** Why the answer is none that may be given; undefined where it may. */
export function judgeAnswer({ status, text, hasBody }: FuzzedAnswer): string | undefined {
  if (status === undefined || status < 400) return undefined;
  if (!hasBody && status < 500) return undefined;
  if (text === "" && parserStatuses.includes(status)) return undefined;
  const code = codeOf(text);
  if (code === undefined) return `${status} without a code: ${text.slice(0, 300)}`;
  if (!(code in errorCodes)) return `${status} with the code ${code}, which is none`;
  return code === "INTERNAL" ? `a defect: ${text.slice(0, 600)}` : undefined;
}

/** True where nothing may have changed: the request was refused, or nobody can have understood it. */
export function isRefused({ status }: FuzzedAnswer): boolean {
  return status !== undefined && status >= 400 && status < 500;
}

function codeOf(text: string): string | undefined {
  try {
    const { error } = JSON.parse(text) as { error?: { code?: unknown; message?: unknown } };
    return typeof error?.code === "string" && typeof error.message === "string" ? error.code : undefined;
  } catch {
    // Not JSON: an answer of ours always is.
    return undefined;
  }
}
