// What the exit status of a command says. Stable: scripts match it.

import { type ErrorCode, isLeeaError } from "../../model/errors";

/** Exit status by what happened. */
export const exitCodes = {
  done: 0,
  failed: 1,
  wrongWords: 2,
  notFound: 3,
  unreachable: 4,
  refused: 5,
  notWell: 6,
  interrupted: 130,
} as const;

/** The same in words, for the documentation. */
export const exitCodeWords: readonly (readonly [status: number, words: string])[] = [
  [exitCodes.done, "done; for `status`: everything is well"],
  [exitCodes.failed, "it was tried and failed"],
  [exitCodes.wrongWords, "a word of the command is wrong; nothing was done"],
  [exitCodes.notFound, "there is no such VM or host, or the name fits several"],
  [exitCodes.unreachable, "no host that is needed answers"],
  [
    exitCodes.refused,
    "the hosts refuse, with reasons; nothing was changed. For `cancel`: it was too late, or nothing was to be cancelled",
  ],
  [exitCodes.notWell, "`status` only: it could look, and something is not well"],
  [exitCodes.interrupted, "ended by Ctrl-C; what runs on the hosts goes on"],
];

const statusByCode: Partial<Record<ErrorCode, number>> = {
  INPUT_INVALID: exitCodes.wrongWords,
  NOT_FOUND: exitCodes.notFound,
  HOST_UNREACHABLE: exitCodes.unreachable,
  AGENT_NOT_ANSWERING: exitCodes.unreachable,
  PREFLIGHT_FAILED: exitCodes.refused,
  NOT_ALLOWED_NOW: exitCodes.refused,
  IN_USE: exitCodes.refused,
  CONFLICT: exitCodes.refused,
};

/** The exit status for what was thrown. */
export function exitStatusOf(error: unknown): number {
  return isLeeaError(error) ? (statusByCode[error.code] ?? exitCodes.failed) : exitCodes.failed;
}
