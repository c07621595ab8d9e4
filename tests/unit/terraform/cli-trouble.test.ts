// What a person or the world can do wrong, told by the real Terraform: each a clear message at its attribute, and a state
// that is true afterwards.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ResourceCalls } from "./rig/call-provider";
import { describeUnderEachCli } from "./rig/clis";
import { twoHosts, vmOn } from "./rig/configurations";
import { type FakeProvider, startFakeProvider } from "./rig/fake-provider";
import type { PlanLine } from "./rig/read-plan";
import { SlowHosts } from "./rig/slow-hosts";
import { TerraformFolder } from "./rig/terraform-cli";

describeUnderEachCli("trouble", (cli) => {
  jest.setTimeout(120_000);
  let fake: FakeProvider;
  let slow: SlowHosts;
  let terraform: TerraformFolder;

  beforeEach(async () => {
    slow = new SlowHosts();
    fake = await startFakeProvider(["a", "b"], { between: slow.between });
    terraform = new TerraformFolder(fake, cli);
  });

  afterEach(() => fake.stop());

  const errorsOf = (lines: readonly PlanLine[]) =>
    lines.flatMap(({ diagnostic }) => (diagnostic?.severity === "error" ? [diagnostic] : []));

  async function refused(body: string): Promise<string> {
    terraform.write(body);
    const errors = errorsOf(await terraform.plan());
    return errors.map(({ summary, detail, snippet }) => `${snippet?.code.trim()} | ${summary} | ${detail}`).join("\n");
  }

  async function applied(body: string): Promise<string> {
    terraform.write(body);
    const { status, output } = await terraform.apply();
    expect([status, output]).toEqual([0, expect.any(String)]);
    return output;
  }

  test.each([
    ["an attribute that there is not", { colour: '"red"' }, /colour = "red" \| Unsupported argument/],
    ["a number in words", { vcpus: '"many"' }, /vcpus = "many" \| .*a number is required/s],
    ["half a processor", { vcpus: "1.5" }, /vcpus = 1\.5 \| .*vcpus is 1\.5; it must be a whole number/s],
    ["more processors than there are numbers for", { vcpus: "1e30" }, /vcpus = 1e30 \| .*whole number/s],
    ["a memory without a unit", { memory: '"4"' }, /memory = "4" \| VM: memory cannot be what is declared/],
    ["a name that is no host name", { name: '"Web!"' }, /name = "Web!" \| .*a-z, 0-9/s],
    ["a disk's size, inside a list", { disks: '[{ name = "d", size = "9 elephants" }]' }, /disks\[0\]\.size/],
    [
      "two disks of one name",
      { disks: '[{ name = "d", size = "1GiB" }, { name = "d", size = "1GiB" }]' },
      /two of them have the name "d"/,
    ],
    ["a NIC of no kind", { nics: "[{}]" }, /nics\[0\].*exactly one of/s],
    [
      "a rule deep inside",
      { nics: '[{ mesh = { ingress = [{ from = "everybody" }] } }]' },
      /nics\[0\]\.mesh\.ingress\[0\]\.from/,
    ],
    ["an enum's neighbour", { migration: '{ mode = "lively" }' }, /migration\.mode.*did you mean "live"/s],
    ["a timeout without a unit", { timeouts: '{ create = "10" }' }, /timeouts\.create/],
    ["a kernel that is not there", { boot: '{ kernel = "./none" }' }, /boot\.kernel there is no file/],
    ["a host's way", { node: '{ id = "a-aaaaaaaa", ssh = { host = "a b" } }' }, /node\.ssh\.host/],
    ["no name at all", { name: "null" }, /VM: name cannot be .*name is required/s],
  ])("%s is told at its attribute", async (_what, change, told) => {
    expect(await refused(vmOn("a", change))).toMatch(told);
  });

  test("every mistake of a resource is told at once", async () => {
    const told = await refused(vmOn("a", { vcpus: "0", memory: '"1"', name: '"UP"' }));
    for (const name of ["vcpus", "memory", "name"]) expect(told).toContain(`VM: ${name} cannot be`);
  });

  test("a provider without an owner, and with credentials without a key, is told; no key is shown", async () => {
    terraform.write(twoHosts, "");
    expect(errorsOf(await terraform.plan())[0]?.summary).toContain("Missing required argument");
    terraform.write(twoHosts, 'owner = ""\n  credentials = { lab = { private_key = "SECRET" } }');
    const { output } = await terraform.run("plan", "-no-color");
    expect(output).toContain("owner");
    expect(output + fake.log.join("\n")).not.toContain("SECRET");
  });

  test("what is forty levels deep and not known yet is told where it does not fit, and nothing is made", async () => {
    const deep = `${"[".repeat(40)}"x"${"]".repeat(40)}`;
    const body = `resource "terraform_data" "deep" {\n  input = ${deep}\n}\n`;
    for (const [name, value] of [
      ["memory", "terraform_data.deep.output"],
      ["disks", "[{ name = terraform_data.deep.output, size = terraform_data.deep.id }]"],
    ] as const)
      expect(await refused(body + vmOn("a", { [name]: value }))).toMatch(
        /terraform_data\.deep\.output.* string required/s,
      );
    const hidden = vmOn("a", {
      memory: 'terraform_data.deep.id == "" ? "1GiB" : jsonencode(terraform_data.deep.output)',
    });
    terraform.write(body + hidden);
    expect(errorsOf(await terraform.plan())).toEqual([]);
    const { status, output } = await terraform.apply();
    expect([status, output]).toEqual([1, expect.stringContaining("VM: memory cannot be what is declared")]);
    expect(terraform.state()["leea_vm.web"]).toBeUndefined();
    expect(fake.world.host("a").vms.size).toBe(0);
  });

  function editState(edit: (vm: { schema_version: number; attributes: Record<string, unknown> }) => void): void {
    const file = join(fake.folder, "terraform.tfstate");
    const state = JSON.parse(readFileSync(file, "utf8")) as {
      resources: { type: string; instances: { schema_version: number; attributes: Record<string, unknown> }[] }[];
    };
    const [vm] = state.resources.find(({ type }) => type === "leea_vm")?.instances ?? [];
    if (vm === undefined) throw new Error("no VM in the state");
    edit(vm);
    writeFileSync(file, JSON.stringify(state));
  }

  test("a state of an older version has less and more than today's, and stands", async () => {
    await applied(vmOn("a"));
    editState(({ attributes }) => {
      delete attributes["restart"];
      delete attributes["last_migration"];
      attributes["cpu_sockets"] = 2;
    });
    expect(await terraform.planned()).toEqual(["leea_vm.web update"]);
    await applied(vmOn("a"));
    expect(terraform.state()["leea_vm.web"]?.attributes).toMatchObject({ restart: "on-failure" });
    expect(terraform.state()["leea_vm.web"]?.attributes).not.toHaveProperty("cpu_sockets");
    expect(await terraform.planned()).toEqual([]);
  });

  test("a state of a newer version, and one that was spoilt, are refused by name and left alone", async () => {
    await applied(vmOn("a"));
    editState((vm) => {
      vm.attributes["disks"] = "none";
    });
    expect(errorsOf(await terraform.plan())[0]?.summary).toContain("cannot be read: disks is of another type");
    editState((vm) => {
      vm.attributes["disks"] = [];
      vm.schema_version = 7;
    });
    expect(errorsOf(await terraform.plan())).toMatchObject([
      { summary: expect.stringMatching(/newer provider version/) },
    ]);
    expect(fake.world.host("a").vms.size).toBe(1);
  });

  test("a state of another provider's resource is no VM, and of ours under another address is the same VM", async () => {
    await applied('resource "terraform_data" "old" {}\n');
    const moved = "moved {\n  from = terraform_data.old\n  to   = leea_vm.web\n}\n";
    expect(await refused(moved + vmOn("a"))).toContain(
      "A terraform_data of terraform.io/builtin/terraform cannot become a leea_vm",
    );
    const vms = new ResourceCalls(fake, "leea_vm");
    const state = { id: "v", name: "web", vcpus: 1 };
    const answer = await vms.move("registry.opentofu.org/leea/leea", JSON.stringify(state), Buffer.from("kept"));
    expect(answer.errors).toEqual([]);
    expect(answer.state).toMatchObject(state);
    expect(Buffer.from(answer.private).toString()).toBe("kept");
  });

  test("a provider that dies in an apply leaves a VM that the next apply adopts, once", async () => {
    await applied(twoHosts);
    const hasBegun = slow.slowDown();
    terraform.write(vmOn("a"));
    const applying = terraform.apply();
    await hasBegun;
    fake.server.forceShutdown();
    expect((await applying).status).toBe(1);
    expect(terraform.state()["leea_vm.web"]).toBeUndefined();
    const next = await startFakeProvider([], { world: fake.world });
    try {
      const again = new TerraformFolder({ ...fake, listening: next.listening }, cli);
      const { status, output } = await again.apply();
      expect([status, output]).toEqual([0, expect.stringContaining("existed already and was adopted")]);
      expect(fake.world.host("a").vms.size).toBe(1);
      expect(await again.planned()).toEqual([]);
    } finally {
      next.stop();
    }
  });

  test("Ctrl-C in a create ends at once, keeps what the host goes on with, and the next apply has it whole", async () => {
    await applied(twoHosts);
    const hasBegun = slow.slowDown();
    terraform.write(vmOn("a"));
    const { ended, interrupt } = terraform.start("apply", "-auto-approve", "-no-color");
    await hasBegun;
    interrupt();
    expect((await ended).output).toContain("Interrupted: what the host was given to do, it goes on doing");
    expect(terraform.state()["leea_vm.web"]).toMatchObject({ attributes: { name: "web", state: null } });
    expect(terraform.state()["leea_vm.web"]?.status).toBeUndefined();
    slow.speedUp();
    await applied(vmOn("a"));
    expect(terraform.state()["leea_vm.web"]?.attributes).toMatchObject({ state: "running", incarnation: 1 });
    expect(await terraform.planned()).toEqual([]);
  });

  test("of two applies at once the second is refused by Terraform's own lock", async () => {
    await applied(twoHosts);
    const hasBegun = slow.slowDown();
    terraform.write(vmOn("a"));
    const first = terraform.apply();
    await hasBegun;
    const second = await terraform.apply();
    expect([second.status, second.output]).toEqual([1, expect.stringContaining("Error acquiring the state lock")]);
    fake.provider.stop.abort(new Error("enough"));
    slow.speedUp();
    await first;
    expect((await terraform.apply()).status).toBe(0);
    expect(fake.world.host("a").vms.size).toBe(1);
  });

  test("a host that leaves while its VM moves away in the same apply, leaves after it with create_before_destroy", async () => {
    const lasting = (body: string) =>
      body.replaceAll(
        'mesh = { name = "prod" }',
        'mesh = { name = "prod" }\n  lifecycle { create_before_destroy = true }',
      );
    await applied(lasting(vmOn("a")));
    const onlyB = vmOn("b").replace(/resource "leea_mesh_node" "a" \{[^}]*\}[^}]*\}\n\}/s, "");
    await applied(
      lasting(
        onlyB.slice(onlyB.indexOf('resource "leea_mesh_node" "b"')).replace("  peers = [leea_mesh_node.a]\n", ""),
      ),
    );
    expect(fake.world.host("a")).toMatchObject({ hasAgent: false });
    expect(fake.world.host("b").vms.size).toBe(1);
  });
});
