// Three hosts in one mesh and a VM. Give another PLACEMENT and apply: the VM moves there, running.
//   PLACEMENT=b npx ts-node main.ts && tofu -chdir=cdktf.out/stacks/live-migration apply

import { readFileSync } from "node:fs";
import { LeeaProvider, MeshNode, Vm } from "@leea/cdktn";
import { App, TerraformOutput, TerraformStack, TerraformVariable } from "cdktn";
import type { Construct } from "constructs";

type Host = { name: string; address: string; port: number; hostKey: string };

// The lab's record, as `leea lab up` writes it; for hosts of your own write such a file.
const labFile = process.env.LEEA_LAB_FILE ?? "/var/lib/leea-lab/default/lab.json";
const lab: { hosts: Host[]; identityFile: string } = JSON.parse(readFileSync(labFile, "utf8"));
const hosts = Object.fromEntries(lab.hosts.map((host) => [host.name, host]));

class LiveMigration extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new LeeaProvider(this, "leea", { owner: "demo/cdktn", ssh: { identity: lab.identityFile } });

    const mesh = { name: "demo" };
    const path = (name: string, fallback: string) =>
      new TerraformVariable(this, name, { type: "string", default: fallback }).stringValue;
    const reach = ({ address, port, hostKey }: Host) => ({ host: address, port, hostKey });

    const a = new MeshNode(this, "a", { name: "a", mesh, ssh: reach(hosts.a) });
    const b = new MeshNode(this, "b", { name: "b", mesh, ssh: reach(hosts.b), peers: [a] });
    const c = new MeshNode(this, "c", { name: "c", mesh, ssh: reach(hosts.c), peers: [b] });
    const nodes: Record<string, MeshNode> = { a, b, c };

    const web = new Vm(this, "web", {
      name: "web",
      nodeAttribute: nodes[process.env.PLACEMENT ?? "a"], // `node` is taken in every construct
      vcpus: 1,
      memory: "256MiB",
      boot: { kernel: path("kernel", "./vmlinuz"), initrd: path("initrd", "./initrd.gz"), cmdline: "console=ttyS0" },
      disks: ["data", "log"].map((name) => ({ name, size: "64MiB" })),
      nics: [{ mesh: { ingress: [{ from: "nodes" }] } }],
    });

    new TerraformOutput(this, "address", { value: web.address });
    new TerraformOutput(this, "current_node", { value: web.currentNode });
    new TerraformOutput(this, "last_migration", { value: web.lastMigration }); // null before the first move
  }
}

const app = new App();
new LiveMigration(app, "live-migration");
app.synth();
