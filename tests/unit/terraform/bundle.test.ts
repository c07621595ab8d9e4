// The bundle as Terraform starts it: a process that is talked to over its own certificate, that refuses to be started by a
// person, and that is gone when it is not needed any more. `npm test` builds it first.

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { anyCli } from "./rig/clis";
import { twoHosts } from "./rig/configurations";

const dist = join(__dirname, "../../../provider/dist");
const startFile = join(dist, "terraform-provider-leea");
const started = {
  TF_PLUGIN_MAGIC_COOKIE: "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
  PLUGIN_PROTOCOL_VERSIONS: "6",
};

let folder: string;

beforeEach(() => {
  if (!existsSync(startFile)) throw new Error("the bundle is not built: npm run build");
  folder = mkdtempSync(join(tmpdir(), "leea-tf-bundle-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const environment = (more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
  ...process.env,
  LEEA_NODE: process.execPath,
  PLUGIN_UNIX_SOCKET_DIR: folder,
  ...more,
});

/** The line that a provider says first. */
async function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.stdout?.once("data", (bytes: Buffer) => resolve(bytes.toString()));
    child.once("exit", (status) => reject(new Error(`ended with ${status}`)));
  });
}

const sockets = () => readdirSync(folder).filter((name) => name.startsWith("leea-tf-"));

async function until(what: () => boolean): Promise<void> {
  const endMs = Date.now() + 20_000;
  while (!what()) {
    if (Date.now() > endMs) throw new Error("it did not come to that");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test("started by a person it says what it is, and nothing on standard output", () => {
  const { status, stdout, stderr } = spawnSync(startFile, { env: environment(), encoding: "utf8" });
  expect([status, stdout, stderr]).toEqual([1, "", expect.stringContaining("plugin of Terraform")]);
});

test("an order to end removes its socket", async () => {
  const child = spawn(startFile, { env: environment(started), stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  expect(await firstLine(child)).toMatch(/^1\|6\|unix\|.*\|grpc\|\n$/);
  expect(sockets()).toHaveLength(1);
  child.kill("SIGINT"); // Ctrl-C is Terraform's to tell
  child.kill("SIGTERM");
  expect(await ended).toBe(0);
  expect(sockets()).toEqual([]);
});

test("it ends when whoever started it is gone", async () => {
  const script = `"${startFile}" & wait`;
  const parent = spawn("sh", ["-c", script], { env: environment(started), stdio: ["ignore", "pipe", "inherit"] });
  await firstLine(parent);
  expect(sockets()).toHaveLength(1);
  parent.kill("SIGKILL");
  await until(() => sockets().length === 0);
});

const withAnyCli = anyCli === undefined ? test.skip : test;
const cli = anyCli ?? "terraform";

/** Writes a configuration and the settings by which a CLI takes the bundle for the provider; gives its environment. */
function prepareCli(body: string, more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const rc = `provider_installation {\n  dev_overrides { "leea/leea" = "${dist}" }\n  direct {}\n}\n`;
  writeFileSync(join(folder, "rc"), rc);
  const head = `terraform {\n  required_providers {\n    leea = { source = "leea/leea" }\n  }\n}\nprovider "leea" { owner = "o" }\n`;
  writeFileSync(join(folder, "main.tf"), head + body);
  const env = environment({ ...more, CHECKPOINT_DISABLE: "1", TF_CLI_CONFIG_FILE: join(folder, "rc") });
  delete env["TF_REATTACH_PROVIDERS"];
  return env;
}

withAnyCli.each([
  ["a unix socket with its own certificate", {}],
  ["TCP", { LEEA_PLUGIN_TCP: "1" }],
  ["no TLS at all", { TF_DISABLE_PLUGIN_TLS: "1" }],
])(
  "Terraform starts it and plans with it over %s",
  async (_way, more: NodeJS.ProcessEnv) => {
    const env = prepareCli(twoHosts, more);
    const options = { cwd: folder, env, encoding: "utf8", timeout: 50_000 } as const;
    const { status, stdout, stderr } = spawnSync(cli, ["plan", "-no-color"], options);
    expect([status, stderr, stdout]).toEqual([0, "", expect.stringContaining("Plan: 2 to add")]);
    await until(() => sockets().length === 0);
  },
  60_000,
);

/** A host that takes connections and says nothing: whoever came is in the middle of its work. */
async function silentHost(): Promise<{ readonly port: number; readonly called: Promise<unknown>; close(): void }> {
  const server = createServer();
  const called = once(server, "connection");
  const sockets: Socket[] = [];
  server.on("connection", (socket) => sockets.push(socket.on("error", () => undefined)));
  await once(server.listen(0, "127.0.0.1"), "listening");
  const close = (): void => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return { port: (server.address() as AddressInfo).port, called, close };
}

withAnyCli(
  "killed in the middle of an apply, it is an error of the apply, and the state has nothing that was not made",
  async () => {
    const host = await silentHost();
    const ssh = `ssh = { host = "127.0.0.1", port = ${host.port} }`;
    const env = prepareCli(`resource "leea_mesh_node" "a" {\n  name = "a"\n  ${ssh}\n  mesh = { name = "m" }\n}\n`);
    const child = spawn(cli, ["apply", "-auto-approve", "-no-color"], { cwd: folder, env });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (bytes: Buffer) => (output += bytes));
    const ended = once(child, "close");
    try {
      await Promise.race([host.called, ended]);
      expect([child.exitCode, output]).toEqual([null, expect.stringContaining("leea_mesh_node.a: Creating...")]);
      expect(spawnSync("pkill", ["-KILL", "-P", String(child.pid)]).status).toBe(0);
      expect(await ended).toEqual([1, null]);
    } finally {
      child.kill("SIGKILL");
      host.close();
    }
    // In the words of the CLI: the plugin did not respond, or its connection broke, as it saw the death.
    expect(output).toMatch(/^(│ )?Error: /m);
    expect(JSON.parse(readFileSync(join(folder, "terraform.tfstate"), "utf8"))).toMatchObject({ resources: [] });
  },
  60_000,
);
