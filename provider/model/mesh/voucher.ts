// A member's signed word that a candidate may be in the mesh: its text, and what must be true of it. The signature is
// checked by the agent over the exact text, before the text is read here.

/** What a voucher says. Times in milliseconds since 1970. */
export interface VoucherClaims {
  readonly meshId: string;
  /** Node id of the issuer. */
  readonly issuer: string;
  /** Node id of the candidate. */
  readonly subject: string;
  readonly subjectFingerprint: string;
  /** IPv4 mesh address that the issuer, who knows the mesh's routes, found free for the candidate. */
  readonly meshAddress: string;
  readonly issuedAtMs: number;
  readonly expiresAtMs: number;
}

/** How long a voucher can be used to join: a day. A member that has joined needs it no more. */
export const voucherLifetimeMs = 24 * 60 * 60 * 1000;
/** How far the clocks of two hosts may differ. */
export const clockSkewMs = 10 * 60 * 1000;

/** The text that is signed: JSON with the keys in a fixed order. */
export function composeVoucherPayload(claims: VoucherClaims): string {
  const { meshId, issuer, subject, subjectFingerprint, meshAddress, issuedAtMs, expiresAtMs } = claims;
  return JSON.stringify({ meshId, issuer, subject, subjectFingerprint, meshAddress, issuedAtMs, expiresAtMs });
}

/** The claims of a payload; undefined where it is not a voucher's text. */
export function readVoucherPayload(payload: string): VoucherClaims | undefined {
  let value: unknown;
  try {
    value = JSON.parse(payload);
  } catch {
    // Text that is not JSON is no voucher; the caller says so.
    return undefined;
  }
  return isClaims(value) ? value : undefined;
}

/** What a voucher is held against. `nowMs` absent: the age does not matter, as for a link that already stands. */
export interface VoucherExpectation {
  readonly meshId: string;
  readonly subjectFingerprint: string;
  /** Fingerprint of the key that signed. */
  readonly issuerFingerprint: string;
  readonly nowMs?: number;
}

/** Why a voucher does not hold, in words that end a sentence; undefined where it does. */
export function judgeVoucher(claims: VoucherClaims, expected: VoucherExpectation): string | undefined {
  if (claims.meshId !== expected.meshId) return `it is for the mesh ${claims.meshId}, not for ${expected.meshId}`;
  if (claims.subjectFingerprint !== expected.subjectFingerprint)
    return `it was given to "${claims.subject}", another node`;
  if (!nodeIdFits(claims.issuer, expected.issuerFingerprint))
    return `it names "${claims.issuer}", whose key did not sign it`;
  if (!nodeIdFits(claims.subject, claims.subjectFingerprint))
    return `its subject "${claims.subject}" does not fit the subject's key`;
  if (expected.nowMs === undefined) return undefined;
  if (claims.expiresAtMs + clockSkewMs < expected.nowMs) return "it has expired";
  if (claims.issuedAtMs - clockSkewMs > expected.nowMs) return "it was issued in the future; a host's clock is wrong";
  return undefined;
}

/** True where a node id ends in the first 8 characters of the fingerprint, as every id does. */
export function nodeIdFits(nodeId: string, fingerprint: string): boolean {
  return nodeId.endsWith(`-${fingerprint.slice(0, 8)}`) && fingerprint.length === 52;
}

function isClaims(value: unknown): value is VoucherClaims {
  if (typeof value !== "object" || value === null) return false;
  const record = value as Record<string, unknown>;
  const texts = ["meshId", "issuer", "subject", "subjectFingerprint", "meshAddress"];
  const times = ["issuedAtMs", "expiresAtMs"];
  return (
    texts.every((key) => typeof record[key] === "string") && times.every((key) => Number.isSafeInteger(record[key]))
  );
}
