// The contract between a plugin and its host: who may start it, what it answers, who may connect, and the services beside
// the provider's own.

import { X509Certificate } from "node:crypto";
import { status } from "@grpc/grpc-js";
import { handshakeLine, readHandshake, refuseStart } from "../../../provider/terraform/plugin/handshake";
import { makeServerCertificate } from "../../../provider/terraform/plugin/server-certificate";
import { type FakeProvider, startFakeProvider } from "./rig/fake-provider";
import { ProviderClient, someClientCertificate } from "./rig/provider-client";

const started = {
  TF_PLUGIN_MAGIC_COOKIE: "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
  PLUGIN_PROTOCOL_VERSIONS: "6,5",
};

describe("the handshake", () => {
  test("refuses to be started by anybody but Terraform, and by one that is too old", () => {
    expect(refuseStart({})).toContain("started by them");
    expect(refuseStart({ ...started, PLUGIN_PROTOCOL_VERSIONS: "4,5" })).toContain("protocol 6");
    expect(refuseStart(started)).toBeUndefined();
  });

  test("answers with one line that has its certificate without padding", () => {
    const { certificateDer } = makeServerCertificate(new Date());
    const line = handshakeLine({ multiplexes: false }, { network: "unix", address: "/run/x.sock" }, certificateDer);
    const fields = line.trimEnd().split("|");
    expect(fields.slice(0, 5)).toEqual(["1", "6", "unix", "/run/x.sock", "grpc"]);
    expect(fields[5]).toMatch(/^[A-Za-z0-9+/]+$/);
    expect(Buffer.from(fields[5] ?? "", "base64")).toEqual(certificateDer);
  });

  test("has a seventh field only for a host that asks for it", () => {
    const place = { network: "tcp", address: "127.0.0.1:10000" } as const;
    const multiplexing = readHandshake({ PLUGIN_MULTIPLEX_GRPC: "true" }, "linux");
    expect(handshakeLine(multiplexing, place, undefined)).toBe("1|6|tcp|127.0.0.1:10000|grpc||false\n");
    expect(handshakeLine(readHandshake({}, "linux"), place, undefined)).toBe("1|6|tcp|127.0.0.1:10000|grpc|\n");
  });

  test("chooses TCP where there are no unix sockets for it", () => {
    expect(readHandshake({}, "win32").overTcp).toBe(true);
    expect(readHandshake({ LEEA_PLUGIN_TCP: "1" }, "linux").overTcp).toBe(true);
    expect(readHandshake({}, "linux").overTcp).toBe(false);
  });
});

describe("the certificate", () => {
  test("is one that a TLS library reads: self-signed, for localhost, its own authority", () => {
    const now = new Date();
    const { certificateDer } = makeServerCertificate(now);
    const certificate = new X509Certificate(certificateDer);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate).toMatchObject({ subject: "CN=localhost", subjectAltName: "DNS:localhost", ca: true });
    expect(certificate.keyUsage).toEqual(["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"]);
    expect(new Date(certificate.validFrom).getTime()).toBeLessThan(now.getTime());
    expect(new Date(certificate.validTo).getFullYear()).toBe(now.getFullYear() + 10);
  });
});

describe("a provider that listens with TLS", () => {
  let fake: FakeProvider;
  const own = someClientCertificate();

  beforeAll(async () => {
    fake = await startFakeProvider(["a"], { clientCertificate: own.certificatePem });
  });
  afterAll(() => fake.stop());

  async function using<T>(client: ProviderClient, act: (client: ProviderClient) => Promise<T>): Promise<T> {
    try {
      return await act(client);
    } finally {
      client.close();
    }
  }

  test("serves the one client whose certificate it was given", async () => {
    const schema = await using(new ProviderClient(fake, own), (client) =>
      client.call<{ resourceSchemas: object; serverCapabilities: object }>("GetProviderSchema"),
    );
    expect(Object.keys(schema.resourceSchemas).sort()).toEqual(["leea_gpu_partition", "leea_mesh_node", "leea_vm"]);
    expect(schema.serverCapabilities).toMatchObject({ planDestroy: true, getProviderSchemaOptional: true });
  });

  test("refuses a client with another certificate, and one with none", async () => {
    for (const stranger of [new ProviderClient(fake, someClientCertificate()), new ProviderClient(fake)])
      await using(stranger, (client) =>
        expect(client.call("GetProviderSchema")).rejects.toMatchObject({ code: status.UNAVAILABLE }),
      );
  });

  test("is healthy, and has nothing of what it does not do", async () => {
    await using(new ProviderClient(fake, own), async (client) => {
      const health = await client.call("Check", { service: "plugin" }, "grpc.health.v1.Health");
      expect(health).toMatchObject({ status: 1 });
      await expect(client.call("GetResourceIdentitySchemas")).resolves.toMatchObject({ identitySchemas: {} });
      await expect(client.call("CallFunction", { name: "x" })).resolves.toMatchObject({
        error: { text: 'leea has no function "x".' },
      });
      const identity = await client.call<{ diagnostics: { summary: string }[] }>("UpgradeResourceIdentity", {
        typeName: "leea_vm",
      });
      expect(identity.diagnostics.map(({ summary }) => summary)).toEqual([expect.stringContaining("never wrote")]);
      const list = client.call("ValidateListResourceConfig");
      await expect(list).rejects.toMatchObject({ code: status.UNIMPLEMENTED });
      await client.call("Shutdown", {}, "plugin.GRPCController");
    });
  });
});
