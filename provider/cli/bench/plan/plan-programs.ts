// The two configurations that are planned: leea's hosts and stopped VMs, and as many things of a provider that does nothing.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { LeeaError } from "../../../model/errors";
import type { Bench } from "../rig/bench";
import { guestFiles } from "../rig/guest-files";
import { makeTerraformProgram, type TerraformProgram } from "../rig/terraform-program";
import { type World, wayTo } from "../rig/world";

/** Resources of each configuration. */
export const planResources = 200;

/** Hosts among leea's. */
export const planHosts = ["a", "b", "c"] as const;

/** A provider as Terraform starts it. `folder` holds its program, and nothing else of that name. */
export interface MeasuredProvider {
  readonly folder: string;
  readonly program: string;
}

/** Both, as the setup has packaged and built them. TOOL_MISSING where it has not. */
export function findProviders(): { readonly leea: MeasuredProvider; readonly trivial: MeasuredProvider } {
  const { LEEA_BENCH_PROVIDER: leea, LEEA_BENCH_TRIVIAL_PROVIDER: trivial } = process.env;
  if (leea === undefined || trivial === undefined || !existsSync(leea) || !existsSync(trivial))
    throw new LeeaError({
      code: "TOOL_MISSING",
      message: "the provider was not packaged",
      hint: "Run it as `npm run bench`.",
    });
  return { leea: providerOf(leea), trivial: providerOf(trivial) };
}

/** Both configurations, nothing applied. */
export function makePrograms(bench: Bench, world: World) {
  const { leea, trivial } = findProviders();
  const make = (name: string, source: string, providers: Record<string, string>): TerraformProgram =>
    makeTerraformProgram(bench, { name, source, providers });
  return {
    leea: make("plan", leeaSource(world), { "leea/leea": leea.folder }),
    trivial: make("plan-trivial", trivialSource, { "leea/trivial": trivial.folder }),
  };
}

function providerOf(program: string): MeasuredProvider {
  return { folder: join(program, ".."), program };
}

const trivialSource = `terraform {
  required_providers {
    trivial = { source = "leea/trivial" }
  }
}
resource "trivial_thing" "thing" {
  count       = ${planResources}
  name        = "thing\${count.index}"
  node        = { id = "nowhere", ssh = { host = "nowhere" } }
  vcpus       = 1
  memory      = "64MiB"
  power_state = "stopped"
  disks       = []
  boot        = { kernel = "./kernel", initrd = "./initrd", cmdline = "console=ttyS0" }
}
`;

function leeaSource(world: World): string {
  const { kernel, initrd } = guestFiles();
  const text = JSON.stringify;
  const nodes = planHosts.map((name, index) => {
    const { host, port, hostKey, identity } = wayTo(world, name);
    return `resource "leea_mesh_node" "${name}" {
  name  = "${name}"
  mesh  = { name = "bench" }
  ssh   = { host = ${text(host)}, port = ${port}, host_key = ${text(hostKey)}, identity = ${text(identity)} }
  peers = [${index === 0 ? "" : `leea_mesh_node.${planHosts[0]}`}]
  setup = false
}
`;
  });
  return `terraform {
  required_providers {
    leea = { source = "leea/leea" }
  }
}
provider "leea" {
  owner = "leea/bench/plan"
}
${nodes.join("")}
resource "leea_vm" "vm" {
  count       = ${planResources - planHosts.length}
  name        = "vm\${count.index}"
  node        = [${planHosts.map((name) => `leea_mesh_node.${name}`).join(", ")}][count.index % ${planHosts.length}]
  vcpus       = 1
  memory      = "64MiB"
  power_state = "stopped"
  disks       = []
  boot        = { kernel = ${text(kernel)}, initrd = ${text(initrd)}, cmdline = "console=ttyS0" }
}
`;
}
