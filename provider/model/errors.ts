// The one error class and the catalogue of its codes. A code is part of the interface: scripts match it, so it is
// never renamed. The message says what failed, on what and where; the hint says what to do next; the cause stays
// apart and is printed once, at the edge.

/** Every error code, with what it stands for. Stable: scripts and other versions of the agent match them. */
export const errorCodes = {
  INPUT_INVALID: "the declared values are not acceptable; details.problems lists each with its field",
  PREFLIGHT_FAILED: "the hosts cannot do what is asked; details.reasons lists every reason",
  NOT_FOUND: "the host knows no such thing",
  CONFLICT: "something with this identity exists and belongs to another owner",
  NOT_ALLOWED_NOW: "the state of the thing does not allow the verb",
  IN_USE: "something still depends on the thing",
  IDENTITY_CHANGED: "another machine answers at the known address",
  HOST_UNREACHABLE: "no connection to the host could be made",
  HOST_KEY_UNKNOWN: "the host's SSH key is not known",
  HOST_KEY_CHANGED: "the host's SSH key differs from the known one",
  AUTHENTICATION_FAILED: "the host accepts none of the offered credentials",
  SUDO_FAILED: "the login may not become root without a password",
  PACKAGES_MISSING: "programs that the host needs are not installed",
  RUNTIME_MISSING: "the host has no usable Node and none can be uploaded",
  AGENT_NOT_ANSWERING: "the agent was started and does not answer",
  AGENT_NEWER: "the host runs a newer agent than this program carries",
  PROTOCOL_INVALID: "a request or answer does not follow the protocol",
  BODY_TOO_LARGE: "a request's body is larger than any that is sent",
  PEER_REFUSED: "the other host's agent refused the verb",
  COMMAND_FAILED: "a program on the host ended with an error",
  QMP_COMMAND_FAILED: "QEMU refused a command",
  QMP_CLOSED: "QEMU's monitor closed",
  TIMED_OUT: "the deadline passed",
  IMAGE_INVALID: "the image is missing, damaged, or of a kind that is refused",
  DISK_SPACE_SHORT: "the storage path has too little room",
  START_FAILED: "the VM did not start",
  MOVE_FAILED: "the VM could not be moved; it runs on its source",
  MOVE_UNDECIDED: "the move stands between the hosts; one must be reached before it can be ended",
  CANCELLED: "the operation was cancelled",
  NETWORK_CONFLICT: "something on the host's network stands in the way",
  TOOL_MISSING: "a program that this machine needs is not installed",
  LAB_FAILED: "the lab on this machine could not be made or found",
  INTERNAL: "a defect in leea",
} as const;

/** One of the codes of the catalogue. */
export type ErrorCode = keyof typeof errorCodes;

/** One mistake in declared values: `field` is a path such as `disks[0].size`. */
export interface Problem {
  readonly field: string;
  readonly message: string;
}

/** What a LeeaError is made of. `hint` is the user's next step; `details` is JSON. */
export interface LeeaErrorParts {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly details?: Readonly<Record<string, unknown>> | undefined;
  readonly cause?: unknown;
}

/** The only error that leea throws on purpose. */
export class LeeaError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly details: Readonly<Record<string, unknown>> | undefined;

  constructor(parts: LeeaErrorParts) {
    super(parts.message, parts.cause === undefined ? undefined : { cause: parts.cause });
    this.name = "LeeaError";
    this.code = parts.code;
    this.hint = parts.hint;
    this.details = parts.details;
  }
}

/** True for a LeeaError, of the given code when one is given. */
export function isLeeaError(error: unknown, code?: ErrorCode): error is LeeaError {
  return error instanceof LeeaError && (code === undefined || error.code === code);
}

/** One error for any number of input mistakes, each on a line of its own. `what` is such as `VM "web"`. */
export function inputError(what: string, problems: readonly Problem[]): LeeaError {
  const lines = problems.map((problem) => `  ${problem.field}: ${problem.message}`);
  return new LeeaError({
    code: "INPUT_INVALID",
    message: `${what} cannot be made from what is declared:\n${lines.join("\n")}`,
    hint: "Mend the fields named above and run again; nothing was created.",
    details: { problems },
  });
}

/** The error with its hint and the chain of its causes, as text for a person. Each cause stands on its own line. */
export function describeError(error: unknown): string {
  const lines: string[] = [];
  let current: unknown = error;
  while (current instanceof Error) {
    lines.push(lines.length === 0 ? current.message : `  because: ${current.message}`);
    if (current instanceof LeeaError && current.hint !== undefined) lines.push(`  next: ${current.hint}`);
    current = current.cause;
  }
  if (lines.length === 0) lines.push(String(error));
  return lines.join("\n");
}
