// Starts a provider as Terraform does, and times it to its handshake (hashicorp/go-plugin, docs/internals.md).

import { spawn } from "node:child_process";
import { generateKeyPairSync, randomBytes, sign, X509Certificate } from "node:crypto";
import { LeeaError } from "../../../model/errors";
import { composeCertificate, composeCertificateBody } from "../../../model/mesh/certificate";

const startDeadlineMs = 10_000;
const terraformsWords = {
  TF_PLUGIN_MAGIC_COOKIE: "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
  PLUGIN_PROTOCOL_VERSIONS: "5,6",
  PLUGIN_MIN_PORT: "10000",
  PLUGIN_MAX_PORT: "25000",
};

let clientCertificate: string | undefined;

/** Seconds from the start of the process to the line that says where it listens; with the TLS of a real start. */
export async function startProvider(program: string): Promise<number> {
  clientCertificate ??= makeCertificate();
  const env = { ...process.env, ...terraformsWords, PLUGIN_CLIENT_CERT: clientCertificate };
  const startedAtMs = performance.now();
  const child = spawn(program, [], { env, stdio: ["ignore", "pipe", "ignore"] });
  try {
    return await new Promise<number>((resolve, reject) => {
      const fail = (message: string) => () => reject(new LeeaError({ code: "COMMAND_FAILED", message }));
      const timer = setTimeout(fail(`${program} does not listen`), startDeadlineMs);
      child.stdout.once("data", () => {
        clearTimeout(timer);
        resolve((performance.now() - startedAtMs) / 1000);
      });
      child.once("error", reject);
      child.once("exit", fail(`${program} ended before it listened`));
    });
  } finally {
    child.kill("SIGTERM");
  }
}

/** PEM of a certificate such as the CLI sends: whom the server would let in does not matter here, that it reads one does. */
function makeCertificate(): string {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const spki = publicKey.export({ type: "spki", format: "der" });
  const body = composeCertificateBody({ commonName: "localhost", serial: randomBytes(8), spki });
  return new X509Certificate(composeCertificate(body, sign("sha256", body, privateKey))).toString();
}
