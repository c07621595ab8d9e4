// What the bench compares leea with: libvirt, and its Terraform provider. Only asked for by the rows that need them; a
// peer that cannot be had is told, and its column stays empty. No service of theirs is started or enabled.

import { join } from "node:path";
import { cachedFolder, isCached } from "../cache.mjs";
import { findProgram } from "../platform.mjs";
import { ensureDebianPackages } from "./debian/debian-packages.mjs";
import { buildGoTool, findGo, hashOfTools } from "./go-tool.mjs";

const PROVIDER = "terraform-provider-libvirt";
const PROVIDER_MODULE = "github.com/dmacvicar/terraform-provider-libvirt";

const LIBVIRT = [
  { name: "libvirt-daemon", program: "libvirtd", service: "libvirtd" },
  { name: "libvirt-daemon-driver-qemu", program: "libvirtd" },
  { name: "libvirt-clients", program: "virsh" },
];

/**
 * Makes the peers ready that the words of --only ask for. Resolves to variables for the bench's environment:
 * LEEA_BENCH_PEERS names the peers, LEEA_BENCH_TERRAFORM_PROVIDER is the provider's path.
 */
export async function ensureBenchPeers(steps, { withLibvirt, withTerraform }) {
  const peers = [];
  const variables = {};
  if (withLibvirt && (await isReady(() => ensureDebianPackages(steps, LIBVIRT)))) peers.push("libvirt");
  const hasProgram = (findProgram("tofu") ?? findProgram("terraform")) !== undefined;
  if (withTerraform && !hasProgram) console.error("  without tofu or terraform on PATH their column stays empty");
  if (withTerraform && hasProgram && peers.includes("libvirt")) {
    const build = async () => {
      variables.LEEA_BENCH_TERRAFORM_PROVIDER = await ensureProvider(steps);
    };
    if (await isReady(build)) peers.push("terraform");
  }
  return { ...variables, LEEA_BENCH_PEERS: peers.join(",") };
}

async function isReady(ensure) {
  try {
    await ensure();
    return true;
  } catch (error) {
    console.error(`  a peer cannot be had, its column stays empty: ${error.message}`);
    return false;
  }
}

async function ensureProvider(steps) {
  const name = `${PROVIDER}-${hashOfTools(PROVIDER)}`;
  let folder;
  await steps.run("libvirt provider", async ({ say }) => {
    const wasCached = isCached(name);
    const make = async (temporary) => {
      const go = await findGo();
      if (go === undefined) throw new Error("there is no Go to build it with");
      await buildGoTool(go, { tool: PROVIDER, from: PROVIDER_MODULE, to: join(temporary, PROVIDER), say });
    };
    folder = await cachedFolder(name, make, say);
    return wasCached ? { ready: "built earlier" } : "built";
  });
  return join(folder, PROVIDER);
}
