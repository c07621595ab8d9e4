// Three hosts in one mesh and a VM. Change `placement` and run `pulumi up`: the VM moves there, running.
//   pulumi config set placement b && pulumi up

import { readFileSync } from "node:fs";
import * as leea from "@leea/pulumi";
import * as pulumi from "@pulumi/pulumi";

type Host = { name: string; address: string; port: number; hostKey: string };

// The lab's record, as `leea lab up` writes it; for hosts of your own set `hosts` and `identityFile` instead.
const config = new pulumi.Config();
const labFile = config.get("labFile");
const lab: { hosts: Host[]; identityFile: string } = labFile
  ? JSON.parse(readFileSync(labFile, "utf8"))
  : { hosts: config.requireObject("hosts"), identityFile: config.require("identityFile") };
const hosts = Object.fromEntries(lab.hosts.map((host) => [host.name, host]));

const mesh = { name: "demo" };
const connect = ({ address, port, hostKey }: Host) => ({ host: address, port, hostKey, identity: lab.identityFile });

const a = new leea.MeshNode("a", { mesh, connection: connect(hosts.a) });
const b = new leea.MeshNode("b", { mesh, connection: connect(hosts.b), peers: [a] });
const c = new leea.MeshNode("c", { mesh, connection: connect(hosts.c), peers: [b] });
const nodes: Record<string, leea.MeshNode> = { a, b, c };

const web = new leea.VM("web", {
  node: nodes[config.require("placement")],
  vcpus: 1,
  memory: "256MiB",
  boot: {
    kernel: process.env.LEEA_GUEST_KERNEL ?? config.require("kernel"),
    initrd: process.env.LEEA_GUEST_INITRD ?? config.require("initrd"),
    cmdline: "console=ttyS0",
  },
  disks: ["data", "log"].map((name) => ({ name, size: "64MiB" })),
  nics: [{ mesh: { ingress: [{ from: "nodes" }] } }],
});

export const { address, currentNode, state } = web;
export const lastMigration = web.lastMigration.apply((last) => last ?? null); // null before the first move
