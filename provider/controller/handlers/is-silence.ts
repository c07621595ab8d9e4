// Tells a host that does not answer from one that answers with an error. Only the first keeps a resource's last state.

import { isLeeaError, type LeeaError } from "../../model/errors";

/** True where nothing was heard from the host's agent. A refused login or a changed key is an answer. */
export function isSilence(error: unknown): error is LeeaError {
  return (
    isLeeaError(error, "HOST_UNREACHABLE") ||
    isLeeaError(error, "AGENT_NOT_ANSWERING") ||
    isLeeaError(error, "TIMED_OUT")
  );
}
