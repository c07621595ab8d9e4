// The provider itself, its server and its handlers, over hosts in memory: what a real Terraform or a client of our own drives.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Server } from "@grpc/grpc-js";
import type { Hosts } from "../../../../provider/controller/handlers/handler-context";
import { type Listening, listen } from "../../../../provider/terraform/plugin/listen";
import { createProviderServer } from "../../../../provider/terraform/plugin/provider-server";
import { createProvider, type Provider } from "../../../../provider/terraform/session/provider";
import { FakeWorld } from "../../../fakes/fake-hosts";

/** A provider that listens, the hosts behind it, and a folder with `./vmlinuz` in it. */
export interface FakeProvider {
  readonly world: FakeWorld;
  readonly folder: string;
  readonly provider: Provider;
  readonly server: Server;
  readonly listening: Listening;
  /** Records that went to Terraform's log. */
  readonly log: string[];
  stop(): void;
}

/** What a test may change. With a client's certificate (PEM) the provider speaks TLS to that client only. */
export interface FakeProviderWishes {
  readonly clientCertificate?: string;
  /** Stands between the provider and the hosts. */
  readonly between?: (hosts: Hosts) => Hosts;
  /** Hosts that are there already, such as those of a provider that died. */
  readonly world?: FakeWorld;
}

/** Starts one over hosts of these names. */
export async function startFakeProvider(
  names: readonly string[],
  { clientCertificate, between = (hosts) => hosts, world = new FakeWorld(names) }: FakeProviderWishes = {},
): Promise<FakeProvider> {
  const folder = mkdtempSync(join(tmpdir(), "leea-tf-test-"));
  writeFileSync(join(folder, "vmlinuz"), "kernel");
  mkdirSync(join(folder, "sockets"));
  const log: string[] = [];
  const provider = createProvider({
    hosts: between(world.context(folder).hosts),
    programFolder: folder,
    writeLog: (level, message) => log.push(`${level} ${message}`),
    credentialsText: undefined,
  });
  const server = createProviderServer(provider, () => undefined);
  const listening = await listen(server, {
    clientCertificate,
    socketFolder: join(folder, "sockets"),
    overTcp: false,
    firstPort: 10_000,
    lastPort: 25_000,
    multiplexes: false,
  });
  const stop = (): void => {
    server.forceShutdown();
    listening.cleanUp();
    rmSync(folder, { recursive: true, force: true });
  };
  return { world, folder, provider, server, listening, log, stop };
}
