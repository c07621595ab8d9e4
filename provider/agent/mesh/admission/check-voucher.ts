// Whether a voucher was really given by the node it names. It is trusted to be a member because the operator's own SSH session
// brought the voucher here; nothing that arrives from the mesh is ever judged by this.

import { constants, createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import { LeeaError } from "../../../model/errors";
import { judgeVoucher, readVoucherPayload, type VoucherClaims } from "../../../model/mesh/voucher";
import type { Voucher } from "../../../protocol/node";
import { fingerprintOf } from "../identity";

const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 } as const;

/** Signature of a payload, base64 (RSA-PSS, SHA-256, salt of 32 bytes). */
export function signPayload(payload: string, key: KeyObject): string {
  return sign("sha256", Buffer.from(payload), { key, ...pss }).toString("base64");
}

/** What a voucher must be for. `nowMs` absent: its age does not matter. */
export interface VoucherUse {
  readonly meshId: string;
  readonly subjectFingerprint: string;
  readonly nowMs?: number;
}

/** The claims of a voucher that holds. Errors: INPUT_INVALID with the reason (signature, mesh, subject, issuer, age). */
export function checkVoucher(voucher: Voucher, use: VoucherUse): VoucherClaims {
  const spki = Buffer.from(voucher.issuerPublicKey, "base64");
  if (!isSignatureGood(voucher, spki)) throw refused("its signature is not the issuer's");
  const claims = readVoucherPayload(voucher.payload);
  if (claims === undefined) throw refused("its text is not a voucher's");
  const reason = judgeVoucher(claims, { ...use, issuerFingerprint: fingerprintOf(spki) });
  if (reason !== undefined) throw refused(reason);
  return claims;
}

function isSignatureGood(voucher: Voucher, spki: Buffer): boolean {
  try {
    const key = createPublicKey({ key: spki, format: "der", type: "spki" });
    if (key.asymmetricKeyType !== "rsa") return false;
    return verify("sha256", Buffer.from(voucher.payload), { key, ...pss }, Buffer.from(voucher.signature, "base64"));
  } catch {
    // Bytes that are no key cannot have signed anything.
    return false;
  }
}

function refused(reason: string): LeeaError {
  return new LeeaError({
    code: "INPUT_INVALID",
    message: `The voucher is not accepted: ${reason}`,
    hint: "Ask a member of the mesh for a new voucher: `pulumi up` does it by itself.",
  });
}
