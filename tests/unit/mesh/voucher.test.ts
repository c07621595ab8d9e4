// A voucher holds only as it was signed, for whom, for which mesh and for how long.

import { createHash, generateKeyPairSync } from "node:crypto";
import { checkVoucher, signPayload } from "../../../provider/agent/mesh/admission/check-voucher";
import { encodeBase32 } from "../../../provider/model/base32";
import {
  clockSkewMs,
  composeVoucherPayload,
  type VoucherClaims,
  voucherLifetimeMs,
} from "../../../provider/model/mesh/voucher";
import type { Voucher } from "../../../provider/protocol/node";

const issuerKeys = generateKeyPairSync("rsa", { modulusLength: 2048 });
const spki = issuerKeys.publicKey.export({ type: "spki", format: "der" });
const issuerFingerprint = encodeBase32(createHash("sha256").update(spki).digest());
const subjectFingerprint = "b".repeat(52);
const nowMs = 1_795_000_000_000;

const claims: VoucherClaims = {
  meshId: "00112233445566aa",
  issuer: `a-${issuerFingerprint.slice(0, 8)}`,
  subject: "b-bbbbbbbb",
  subjectFingerprint,
  meshAddress: "10.91.0.7",
  issuedAtMs: nowMs,
  expiresAtMs: nowMs + voucherLifetimeMs,
};
const use = { meshId: claims.meshId, subjectFingerprint, nowMs };

function voucherOf(changed: Partial<VoucherClaims> = {}): Voucher {
  const payload = composeVoucherPayload({ ...claims, ...changed });
  return { payload, signature: signPayload(payload, issuerKeys.privateKey), issuerPublicKey: spki.toString("base64") };
}

test("a voucher that is as it was signed gives its claims", () => {
  expect(checkVoucher(voucherOf(), use)).toEqual(claims);
});

test("one changed character of the text, the signature or the key is found out", () => {
  const voucher = voucherOf();
  const other = generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey.export({ type: "spki", format: "der" });
  const tampered: Voucher[] = [
    { ...voucher, payload: voucher.payload.replace("10.91.0.7", "10.91.0.8") },
    { ...voucher, payload: `${voucher.payload} ` },
    { ...voucher, signature: `${voucher.signature.startsWith("A") ? "B" : "A"}${voucher.signature.slice(1)}` },
    { ...voucher, signature: "" },
    { ...voucher, issuerPublicKey: other.toString("base64") },
    { ...voucher, issuerPublicKey: "no key" },
  ];
  for (const each of tampered) expect(() => checkVoucher(each, use)).toThrow("its signature is not the issuer's");
});

test.each<[string, Partial<VoucherClaims>, string]>([
  ["another mesh", { meshId: "ffffffffffffffff" }, "it is for the mesh"],
  ["another node", { subjectFingerprint: "c".repeat(52) }, "another node"],
  ["an issuer whose key did not sign", { issuer: "a-aaaaaaaa" }, "whose key did not sign it"],
  ["a subject that its key does not fit", { subject: "b-cccccccc" }, "does not fit the subject's key"],
  ["an age past its end", { expiresAtMs: nowMs - clockSkewMs - 1 }, "it has expired"],
  ["a birth in the future", { issuedAtMs: nowMs + clockSkewMs + 1 }, "a host's clock is wrong"],
])("a well-signed voucher for %s is refused", (_what, changed, reason) => {
  expect(() => checkVoucher(voucherOf(changed), use)).toThrow(reason);
});

test("a well-signed text that is no voucher is refused", () => {
  for (const payload of ["", "{}", "null", '{"meshId":1}']) {
    const voucher = { ...voucherOf(), payload, signature: signPayload(payload, issuerKeys.privateKey) };
    expect(() => checkVoucher(voucher, use)).toThrow("its text is not a voucher's");
  }
});

test("the age does not matter where none is asked for, as for a link that stands", () => {
  const { meshId } = claims;
  expect(checkVoucher(voucherOf({ expiresAtMs: 1 }), { meshId, subjectFingerprint }).meshAddress).toBe("10.91.0.7");
});
