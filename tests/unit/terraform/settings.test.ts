// The provider's own settings: what they give to every host, and that a key goes to memory and nowhere else.

import { findCredential, listCredentialNames, setCredentials } from "../../../provider/controller/credentials";
import { allRpcs } from "../../../provider/terraform/rpc/all-rpcs";
import { stoppableHosts } from "../../../provider/terraform/session/stoppable-hosts";
import { terraformWords } from "../../../provider/terraform/session/terraform-words";
import { encodeDynamicValue } from "../../../provider/terraform/wire/dynamic-value";
import { unknownAttribute } from "../../../provider/terraform/wire/unknown-attribute";
import { FakeWorld } from "../../fakes/fake-hosts";
import { type Attributes, ResourceCalls } from "./rig/call-provider";
import { type FakeProvider, startFakeProvider } from "./rig/fake-provider";

let fake: FakeProvider;

beforeEach(async () => {
  fake = await startFakeProvider(["a"]);
});
afterEach(() => {
  setCredentials({});
  fake.stop();
});

const settings = (given: Attributes): Attributes => ({ owner: "o/p/s", ssh: null, credentials: null, ...given });

test("credentials are known to the controller by their names, and to no log", async () => {
  const calls = new ResourceCalls(fake, "leea_vm");
  const credentials = {
    lab: { private_key: "KEY", passphrase: null },
    late: { private_key: unknownAttribute, passphrase: null },
  };
  expect(await calls.configure(settings({ credentials }))).toMatchObject({ errors: [] });
  expect(findCredential("lab")).toEqual({ privateKey: "KEY" });
  expect(listCredentialNames()).toEqual(["lab"]);
  expect(fake.log.join("\n")).not.toContain("KEY");
});

test("a credential without its key is told by its name, at the validation already", async () => {
  const validate = allRpcs(fake.provider)["ValidateProviderConfig"];
  const config = encodeDynamicValue(settings({ credentials: { lab: { private_key: null, passphrase: "PASS" } } }));
  const answer = JSON.stringify(await validate?.({ config }));
  expect(answer).toContain('no private_key for \\"lab\\"');
  expect(answer).not.toContain("PASS");
});

test("a request that is on its way when the provider is stopped is answered, and no later one is made", async () => {
  const world = new FakeWorld(["a"]);
  const stop = new AbortController();
  const hosts = stoppableHosts(world.context().hosts, stop.signal);
  const session = await hosts.open({ host: "a", port: 22, user: "root" }, { install: "if-missing" });
  const asked = session.call("getIdentity", {});
  stop.abort(new Error("stopped"));
  expect(await asked).toMatchObject({ nodeId: world.host("a").nodeId });
  await expect(session.call("getIdentity", {})).rejects.toThrow("stopped");
  await expect(hosts.open({ host: "a", port: 22, user: "root" }, { install: "never" })).rejects.toThrow("stopped");
  session.close();
  expect(world.openSessions).toBe(0);
});

test("fields are called as Terraform calls them", () => {
  expect(terraformWords("a: is updated, because connection.hostKey changed (x -> y), endpoint.portBase changed")).toBe(
    "a: is updated, because ssh.host_key changed (x -> y), endpoint.port_base changed",
  );
  expect(terraformWords("storagePath applies only when; nodeConnection.port; the connection was lost")).toBe(
    "storage_path applies only when; node.ssh.port; the connection was lost",
  );
});

test("a user's own words stay as they are, in quotes, in paths and as a host's name", () => {
  for (const text of ['VM "powerState" is there', "there is no file ./powerState.img", "connection.example.com:22"])
    expect(terraformWords(text)).toBe(text);
});

test("advice in Pulumi's words is given in Terraform's", () => {
  expect(terraformWords('Run `pulumi refresh` and `pulumi up`: it starts. Declare migration.mode: "cold".')).toBe(
    'Run `terraform apply`: it starts. Declare migration = { mode = "cold" }.',
  );
});
