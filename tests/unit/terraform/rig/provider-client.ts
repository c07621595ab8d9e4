// A client of the plugin protocol, as a plugin's host is one: pins the provider's certificate and shows its own (AutoMTLS).

import { Client, credentials, type ServiceError } from "@grpc/grpc-js";
import {
  makeServerCertificate,
  type ServerCertificate,
} from "../../../../provider/terraform/plugin/server-certificate";
import { describeService } from "../../../../provider/terraform/wire/message-types";
import type { FakeProvider } from "./fake-provider";

/** Talks to one provider. */
export class ProviderClient {
  private readonly client: Client;

  /** With a certificate over TLS, else in the clear. */
  constructor({ listening }: FakeProvider, own?: ServerCertificate) {
    const address = `${listening.address.network === "unix" ? "unix:" : ""}${listening.address.address}`;
    if (own === undefined) {
      this.client = new Client(address, credentials.createInsecure());
      return;
    }
    const line = listening.certificateDer?.toString("base64").match(/.{1,64}/g) ?? [];
    const pinned = `-----BEGIN CERTIFICATE-----\n${line.join("\n")}\n-----END CERTIFICATE-----\n`;
    const secure = credentials.createSsl(Buffer.from(pinned), Buffer.from(own.keyPem), Buffer.from(own.certificatePem));
    this.client = new Client(address, secure, { "grpc.ssl_target_name_override": "localhost" });
  }

  /** One RPC of the provider, or of another service. Rejects with the status of gRPC. */
  call<T>(name: string, request: object = {}, service = "tfplugin6.Provider"): Promise<T> {
    const method = describeService(service)[name];
    if (method === undefined) throw new Error(`no ${name}`);
    const { path, requestSerialize, responseDeserialize } = method;
    return new Promise((resolve, reject) => {
      const done = (error: ServiceError | null, answer?: object): void =>
        error === null ? resolve(answer as T) : reject(error);
      this.client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, done);
    });
  }

  close(): void {
    this.client.close();
  }
}

/** A certificate for a client. */
export function someClientCertificate(): ServerCertificate {
  return makeServerCertificate(new Date());
}
