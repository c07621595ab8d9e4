// All that the lab, the tests and the story need, made ready side by side where one does not wait for another.

import { ensureBundles } from "./bundles.mjs";
import { environmentWith } from "./environment.mjs";
import { ensureDebianPackages, packagesProblem } from "./needs/debian/debian-packages.mjs";
import { ensureGuest } from "./needs/guest.mjs";
import { builtOpenTofuFolder } from "./needs/opentofu.mjs";
import { ensurePulumiCli, pulumiProblem } from "./needs/pulumi-cli.mjs";
import { ensureWireguardGo, findOwnWireguardGo, wireguardPackages } from "./needs/wireguard-go.mjs";

/** Makes everything ready; resolves to the environment to run our programs in. */
export async function ensureEverything(steps, { withPulumi = true, withBundles = true } = {}) {
  const packages = await wireguardPackages();
  await refuseEarly([packagesProblem(packages), withPulumi ? pulumiProblem() : undefined]);
  const hostSide = async () => {
    await ensureDebianPackages(steps, packages);
    return ensureGuest(steps);
  };
  const goSide = async () => {
    const wireguardGo = await ensureWireguardGo(steps);
    return { wireguardGo, pulumiFolder: withPulumi ? await ensurePulumiCli(steps) : undefined };
  };
  const [guest, tools] = await allOrEveryFailure([hostSide(), goSide(), withBundles && ensureBundles(steps)]);
  const wireguardGo = tools.wireguardGo ?? findOwnWireguardGo();
  return environmentWith({ ...tools, guest, wireguardGo, tofuFolder: builtOpenTofuFolder() });
}

// What only a person can mend is told at once, and all of it, not after minutes of building.
async function refuseEarly(problems) {
  const found = (await Promise.all(problems)).filter((problem) => problem !== undefined);
  if (found.length > 0) throw new AggregateError(found);
}

// Waits for all before it reports failures: a step that is cut in the middle would only have to be mended later.
async function allOrEveryFailure(promises) {
  const results = await Promise.allSettled(promises);
  const failures = results.filter((result) => result.status === "rejected").map((result) => result.reason);
  if (failures.length > 0) throw new AggregateError(failures);
  return results.map((result) => result.value);
}
