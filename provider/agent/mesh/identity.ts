// Who this host is: an RSA-3072 identity key, made at the first call, and the WireGuard key of all its links. Private keys are
// files that only root reads; they never leave the host and never stand in a log, an answer or an argument list.

import { createHash, createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from "node:crypto";
import { promisify } from "node:util";
import { encodeBase32 } from "../../model/base32";
import { composeNodeId } from "../../model/mesh/node-id";
import type { NodeIdentity } from "../../protocol/node";
import type { AgentContext } from "../agent-context";
import type { System } from "../system/system";
import { takeTurn } from "./take-turn";

const makeKeyPair = promisify(generateKeyPair);

/** What was read of a key's text: reading an RSA key takes a millisecond, and every report of a VM names its node. */
interface ReadKey {
  readonly pem: string;
  readonly key: KeyObject;
  readonly publicKey: Omit<NodeIdentity, "nodeId">;
}

const readKeys = new WeakMap<System, ReadKey>();

/** The identity of this host; its keys are made at the first call and stay for the life of the installation. */
export async function readIdentity(ctx: AgentContext): Promise<NodeIdentity> {
  const { publicKey } = await readKey(ctx);
  const hostname = (await ctx.system.readText(birthNamePath(ctx))) ?? "";
  return { nodeId: composeNodeId(hostname, publicKey.fingerprint), ...publicKey };
}

/** The identity's private key, for signing within the agent. */
export async function readIdentityKey(ctx: AgentContext): Promise<KeyObject> {
  return (await readKey(ctx)).key;
}

async function readKey(ctx: AgentContext): Promise<ReadKey> {
  return takeTurn(ctx, "identity", async () => {
    const path = `${ctx.paths.state}/keys/identity.pem`;
    const pem = (await ctx.system.readText(path)) ?? (await makeIdentityKey(ctx, path));
    const known = readKeys.get(ctx.system);
    if (known?.pem === pem) return known;
    const key = createPrivateKey(pem);
    const spki = createPublicKey(key).export({ type: "spki", format: "der" });
    const read = { pem, key, publicKey: { fingerprint: fingerprintOf(spki), publicKey: spki.toString("base64") } };
    readKeys.set(ctx.system, read);
    return read;
  });
}

/** A path to the WireGuard private key (for `wg set … private-key FILE`) and the public key in base64. */
export interface WireguardKey {
  readonly path: string;
  readonly publicKey: string;
}

/** The host's WireGuard key, one for all its links (Curve25519, wg(8)); made at the first call. */
export async function readWireguardKey(ctx: AgentContext): Promise<WireguardKey> {
  return takeTurn(ctx, "identity", async () => {
    const path = `${ctx.paths.state}/keys/wireguard.key`;
    const text = (await ctx.system.readText(path)) ?? (await makeWireguardKey(ctx, path));
    return { path, publicKey: wireguardPublicKey(text.trim()) };
  });
}

/** Fingerprint of a public key in SubjectPublicKeyInfo DER: lower-case base32 of its SHA-256. */
export function fingerprintOf(spki: Uint8Array): string {
  return encodeBase32(createHash("sha256").update(spki).digest());
}

/** SHA-256 of a fingerprint's text with a draw number: what addresses are made from. */
export function digestFingerprint(fingerprint: string, draw = 0): Uint8Array {
  return createHash("sha256").update(`${fingerprint} ${draw}`).digest();
}

/** The name is written first: a crash between the two files leaves a host that has not been born yet. */
async function makeIdentityKey(ctx: AgentContext, path: string): Promise<string> {
  const hostname = (await ctx.system.readText("/proc/sys/kernel/hostname")) ?? "node";
  await ctx.system.writeDurable(birthNamePath(ctx), hostname.trim());
  const { privateKey } = await makeKeyPair("rsa", { modulusLength: 3072 });
  const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  await ctx.system.writeDurable(path, pem, 0o600);
  ctx.log.write("info", "identity-made");
  return pem;
}

async function makeWireguardKey(ctx: AgentContext, path: string): Promise<string> {
  const { privateKey } = await makeKeyPair("x25519");
  const text = Buffer.from(privateKey.export({ format: "jwk" }).d ?? "", "base64url").toString("base64");
  await ctx.system.writeDurable(path, `${text}\n`, 0o600);
  return text;
}

/** An X25519 private key in PKCS #8 is this head (RFC 8410) and the 32 bytes. */
function wireguardPublicKey(privateKey: string): string {
  const head = Buffer.from("302e020100300506032b656e04220420", "hex");
  const der = Buffer.concat([head, Buffer.from(privateKey, "base64")]);
  const publicKey = createPublicKey(createPrivateKey({ key: der, format: "der", type: "pkcs8" }));
  return Buffer.from(publicKey.export({ format: "jwk" }).x ?? "", "base64url").toString("base64");
}

function birthNamePath(ctx: AgentContext): string {
  return `${ctx.paths.state}/keys/name-at-birth`;
}
