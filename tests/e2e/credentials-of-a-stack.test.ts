// Hosts of a stack whose keys are named, not files: the command line takes them from the stack's secret configuration, as
// the provider does. The host is a port where nothing listens: a login that lacks its key fails before it is asked.

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { runInStack } from "./world/leea-command";

jest.setTimeout(120_000);

const project = mkdtempSync(join(tmpdir(), "leea-credentials-"));
const env = {
  ...process.env,
  PULUMI_HOME: join(project, "home"),
  PULUMI_BACKEND_URL: pathToFileURL(join(project, "state")).href,
  PULUMI_CONFIG_PASSPHRASE: "only for this test",
  PULUMI_SKIP_UPDATE_CHECK: "1",
};
const pulumi = (...args: string[]): string =>
  execFileSync("pulumi", ["--non-interactive", ...args], { cwd: project, env, encoding: "utf8" });

beforeAll(() => {
  mkdirSync(join(project, "state"));
  writeFileSync(join(project, "Pulumi.yaml"), "name: keys\nruntime: yaml\n");
  pulumi("stack", "init", "test");
  const connection = { host: "127.0.0.1", port: 1, user: "root", identity: "ops-key" };
  const exported = JSON.parse(pulumi("stack", "export")) as { deployment: Record<string, unknown> };
  const urn = (type: string, name: string) => `urn:pulumi:test::keys::${type}::${name}`;
  const stack = { urn: urn("pulumi:pulumi:Stack", "keys-test"), custom: false, type: "pulumi:pulumi:Stack" };
  const type = "pulumi-nodejs:dynamic/leea:MeshNode";
  const node = {
    urn: urn(type, "a"),
    custom: true,
    type,
    id: "a-abcdefg2",
    inputs: {},
    outputs: { name: "a", connection },
  };
  exported.deployment["resources"] = [stack, node];
  writeFileSync(join(project, "export.json"), JSON.stringify(exported));
  pulumi("stack", "import", "--file", join(project, "export.json"));
});

afterAll(() => rmSync(project, { recursive: true }));

const reason = async () => (await runInStack({ env, project }, ["status"])).out;

test("without the key in the configuration, the login says what it lacks", async () => {
  expect(await reason()).toContain('identity "ops-key" is neither a credential nor a file');
});

test("with it, the host is asked, and the key is printed nowhere", async () => {
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(project, "key")]);
  const key = readFileSync(join(project, "key"), "utf8");
  pulumi("config", "set", "--secret", "leea:credentials", JSON.stringify({ "ops-key": key }));
  const said = await reason();
  expect(said).toContain("ECONNREFUSED");
  expect(said).not.toContain(key.split("\n")[1]);
});
