// A self-signed X.509 certificate (RFC 5280) around an identity key, as DER, made of the few parts that TLS needs. It vouches for
// nothing: both sides compare the key itself with the one they were told. The agent signs; here is only the form.

const oidSha256WithRsa = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b];
const oidCommonName = [0x55, 0x04, 0x03];

/** What goes into the certificate. `commonName` is ASCII; `spki` is the public key's SubjectPublicKeyInfo DER. */
export interface CertificateParts {
  readonly commonName: string;
  /** 1 to 16 bytes. */
  readonly serial: Uint8Array;
  readonly spki: Uint8Array;
}

/** The part to be signed, with RSA PKCS #1 v1.5 and SHA-256. Valid at any time, as only the key counts. */
export function composeCertificateBody(parts: CertificateParts): Uint8Array {
  const name = sequence(set(sequence(der(0x06, oidCommonName), der(0x0c, asciiOf(parts.commonName)))));
  const validity = sequence(der(0x18, asciiOf("20000101000000Z")), der(0x18, asciiOf("99991231235959Z")));
  const version3 = der(0xa0, der(0x02, [2]));
  const serial = der(0x02, [0x01, ...parts.serial]);
  return sequence(version3, serial, signatureAlgorithm(), name, validity, name, parts.spki);
}

/** The whole certificate as DER. */
export function composeCertificate(body: Uint8Array, signature: Uint8Array): Uint8Array {
  return sequence(body, signatureAlgorithm(), der(0x03, [0x00, ...signature]));
}

function signatureAlgorithm(): Uint8Array {
  return sequence(der(0x06, oidSha256WithRsa), der(0x05, []));
}

function sequence(...parts: readonly Uint8Array[]): Uint8Array {
  return der(
    0x30,
    parts.flatMap((part) => [...part]),
  );
}

function set(part: Uint8Array): Uint8Array {
  return der(0x31, part);
}

function der(tag: number, content: ArrayLike<number>): Uint8Array {
  const body = Array.from(content);
  return Uint8Array.from([tag, ...lengthOf(body.length), ...body]);
}

function lengthOf(length: number): number[] {
  if (length < 0x80) return [length];
  return length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
}

function asciiOf(text: string): number[] {
  return Array.from(text, (letter) => letter.charCodeAt(0) & 0x7f);
}
