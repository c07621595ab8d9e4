// The HTTP status of each error code. Clients read the code; the status is for logs and proxies.

import type { ErrorCode } from "../../model/errors";

const statuses: Partial<Record<ErrorCode, number>> = {
  INPUT_INVALID: 422,
  PREFLIGHT_FAILED: 422,
  IMAGE_INVALID: 422,
  PROTOCOL_INVALID: 400,
  NOT_FOUND: 404,
  TIMED_OUT: 408,
  BODY_TOO_LARGE: 413,
  CONFLICT: 409,
  NOT_ALLOWED_NOW: 409,
  IN_USE: 409,
  NETWORK_CONFLICT: 409,
  PACKAGES_MISSING: 424,
  PEER_REFUSED: 403,
  DISK_SPACE_SHORT: 507,
};

/** Status for a code; 500 for what is nobody's mistake. */
export function statusOf(code: ErrorCode): number {
  return statuses[code] ?? 500;
}
