// This node's TLS certificate, made anew at each start from its identity key, and the fingerprint of the one that a peer showed. A
// certificate proves nothing but possession of its key; whose key it must be, the caller was told over SSH.

import { sign, X509Certificate } from "node:crypto";
import type { TLSSocket } from "node:tls";
import { composeCertificate, composeCertificateBody } from "../../model/mesh/certificate";
import type { AgentContext } from "../agent-context";
import { fingerprintOf, readIdentity, readIdentityKey } from "../mesh/identity";
import { takeTurn } from "../mesh/take-turn";
import type { System } from "../system/system";

/** Key and certificate in PEM, for node:tls. The key stays in this process. */
export interface PeerCertificate {
  readonly key: string;
  readonly cert: string;
}

const made = new WeakMap<System, PeerCertificate>();

/** This node's certificate: self-signed over its identity key (RSA-3072, SHA-256), one for the life of the process. */
export async function readPeerCertificate(ctx: AgentContext): Promise<PeerCertificate> {
  return takeTurn(ctx, "peer-certificate", async () => {
    const certificate = made.get(ctx.system) ?? (await makePeerCertificate(ctx));
    made.set(ctx.system, certificate);
    return certificate;
  });
}

/** Fingerprint of the key that the other side of a connection proved to hold; undefined where it showed none. */
export function peerFingerprint(socket: TLSSocket): string | undefined {
  const certificate = socket.getPeerX509Certificate();
  return certificate === undefined
    ? undefined
    : fingerprintOf(certificate.publicKey.export({ type: "spki", format: "der" }));
}

async function makePeerCertificate(ctx: AgentContext): Promise<PeerCertificate> {
  const { nodeId, publicKey } = await readIdentity(ctx);
  const key = await readIdentityKey(ctx);
  const parts = { commonName: nodeId, serial: ctx.system.randomBytes(8), spki: Buffer.from(publicKey, "base64") };
  const body = composeCertificateBody(parts);
  const der = composeCertificate(body, sign("sha256", body, key));
  const cert = new X509Certificate(Buffer.from(der)).toString();
  return { key: key.export({ type: "pkcs8", format: "pem" }).toString(), cert };
}
