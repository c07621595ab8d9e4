// A self-signed X.509 certificate (RFC 5280) around an identity key, as DER, made of the few parts that TLS needs. It vouches for
// nothing: both sides compare the key itself with the one they were told. The agent signs; here is only the form.

import { bits, commonName, nothing, objectId, sequence, tagged, time, unsigned } from "../der";

const sha256WithRsa = sequence(objectId("1.2.840.113549.1.1.11"), nothing);

/** What goes into the certificate. `commonName` is ASCII; `spki` is the public key's SubjectPublicKeyInfo DER. */
export interface CertificateParts {
  readonly commonName: string;
  /** 1 to 16 bytes. */
  readonly serial: Uint8Array;
  readonly spki: Uint8Array;
}

/** The part to be signed, with RSA PKCS #1 v1.5 and SHA-256. Valid at any time, as only the key counts. */
export function composeCertificateBody(parts: CertificateParts): Uint8Array {
  const name = commonName(parts.commonName);
  const validity = sequence(time("20000101T000000Z"), time("99991231T235959Z"));
  const version3 = tagged(0, unsigned(Uint8Array.of(2)));
  return sequence(version3, unsigned(parts.serial), sha256WithRsa, name, validity, name, parts.spki);
}

/** The whole certificate as DER. */
export function composeCertificate(body: Uint8Array, signature: Uint8Array): Uint8Array {
  return sequence(body, sha256WithRsa, bits(signature));
}
