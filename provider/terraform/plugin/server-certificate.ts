// The certificate of one provider process: self-signed, made when it starts, never written anywhere. Terraform pins it,
// because it gets it over our standard output (AutoMTLS of go-plugin).

import { createSign, generateKeyPairSync, type KeyObject, randomBytes } from "node:crypto";
import { bits, commonName, objectId, octets, sequence, tagged, time, unsigned, yes } from "../../model/der";

/** The certificate, and its key in PEM. */
export interface ServerCertificate {
  readonly certificateDer: Buffer;
  readonly certificatePem: string;
  readonly keyPem: string;
}

const lifetimeMs = 10 * 365 * 24 * 60 * 60 * 1000;
const ecdsaWithSha256 = sequence(objectId("1.2.840.10045.4.3.2"));

/** A P-256 certificate for `localhost`, good for a server and a client, and its own authority. */
export function makeServerCertificate(now: Date): ServerCertificate {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const toBeSigned = certificateBody(publicKey, now);
  const signature = createSign("sha256").update(toBeSigned).sign(privateKey);
  const certificateDer = Buffer.from(sequence(toBeSigned, ecdsaWithSha256, bits(signature)));
  return {
    certificateDer,
    certificatePem: pemOf(certificateDer),
    keyPem: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

function certificateBody(publicKey: KeyObject, now: Date): Uint8Array {
  const name = commonName("localhost");
  const version3 = tagged(0, unsigned(Buffer.from([2])));
  const validity = sequence(timeAt(now.getTime() - 60_000), timeAt(now.getTime() + lifetimeMs));
  const key = publicKey.export({ type: "spki", format: "der" });
  return sequence(
    version3,
    unsigned(randomBytes(16)),
    ecdsaWithSha256,
    name,
    validity,
    name,
    key,
    tagged(3, sequence(...extensions())),
  );
}

function extensions(): Uint8Array[] {
  const serverAuth = objectId("1.3.6.1.5.5.7.3.1");
  const clientAuth = objectId("1.3.6.1.5.5.7.3.2");
  const dnsName = Buffer.concat([Buffer.from([0x82, 9]), Buffer.from("localhost", "ascii")]);
  // digitalSignature and keyCertSign.
  const keyUsage = Buffer.from([0x03, 0x02, 0x02, 0x84]);
  return [
    sequence(objectId("2.5.29.19"), yes, octets(sequence(yes))),
    sequence(objectId("2.5.29.15"), yes, octets(keyUsage)),
    sequence(objectId("2.5.29.37"), octets(sequence(serverAuth, clientAuth))),
    sequence(objectId("2.5.29.17"), octets(sequence(dnsName))),
  ];
}

function timeAt(atMs: number): Uint8Array {
  return time(new Date(atMs).toISOString().replace(/[-:]|\.\d+/g, ""));
}

function pemOf(certificate: Buffer): string {
  const lines = certificate.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}
