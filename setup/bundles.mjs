// Bundles what is run or shipped: one file per program, the same bytes from the same sources.
// esbuild strips types without looking at them; `npm run check` does the looking.

import { cpSync, existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ensureCdkBindings, KITS } from "./cdk/bindings.mjs";
import { hashFiles, readIfThere, writeIfChanged } from "./files/written-files.mjs";
import { licensesText, packagesIn } from "./package/npm-licenses.mjs";
import { ROOT } from "./paths.mjs";
import { Problem } from "./problem.mjs";
import { runOrFail } from "./run-command.mjs";

/** A Terraform provider that does nothing, for the bench. */
export const TRIVIAL_PROVIDER = ".cache/programs/trivial-provider.cjs";

/** Entry to bundle. The agent runs on any host with Node 20; the others beside the user. */
const BUNDLES = [
  { entry: "provider/agent/main.ts", out: "provider/dist/agent.cjs" },
  { entry: "provider/cli/main.ts", out: "provider/dist/leea.cjs", isProgram: true },
  { entry: "provider/pulumi/main.ts", out: "provider/dist/pulumi.cjs" },
  { entry: "provider/terraform/main.ts", out: "provider/dist/terraform.cjs", isProgram: true, isStartedOften: true },
  { entry: "sdk/pulumi/src/index.ts", out: "sdk/pulumi/dist/index.js" },
  { entry: "tests/bench/trivial-provider.ts", out: TRIVIAL_PROVIDER, isProgram: true, isStartedOften: true },
  { entry: "tests/faults/main.ts", out: ".cache/programs/faults.cjs" },
  { entry: "tests/faults/agent-kills/kills-program.ts", out: ".cache/programs/agent-kills.cjs" },
  { entry: "tests/faults/agent-kills/fake-qemu-program.ts", out: ".cache/programs/fake-qemu.cjs" },
];

/** A folder that is shipped, and in it the licences of the packages that its bundles hold. */
const SHIPPED = "provider/dist";
const LICENSES = `${SHIPPED}/LICENSE.npm`;

/** Copied as they are: what starts a bundle under another name. */
const START_FILES = [
  { from: "provider/terraform/terraform-provider-leea", to: "provider/dist/terraform-provider-leea" },
];

// ssh2 tries its native parts and goes on without them; programs bring their own Pulumi SDK.
const EXTERNAL = ["*.node", "cpu-features", "@pulumi/pulumi", "@leea/provider"];

const OPTIONS = {
  absWorkingDir: ROOT,
  write: false,
  metafile: true,
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  keepNames: true,
  legalComments: "eof",
  charset: "utf8",
  external: EXTERNAL,
  logLevel: "silent",
};

/** A third less to read, and no call a function at the start: 25 ms of 170. Names stay as they are, so that stacks can be read. */
const QUICK_START = { minifyWhitespace: true, keepNames: false };

const SHEBANG = "#!/usr/bin/env node";

const SDK_TYPES = { project: "sdk/pulumi", from: ".cache/types/sdk/pulumi", to: "sdk/pulumi/dist" };

/** Bundles every program with its start files, and writes the SDK's types. Files whose bytes would not change are not touched. */
export async function ensureBundles(steps) {
  await steps.run("build", async ({ say }) => {
    const { changed, problems } = await makeBundles(say);
    if (problems.length > 0) throw new AggregateError(problems);
    return changed.length === 0 ? { ready: "up to date" } : changed.join(", ");
  });
}

/** Makes what can be made; resolves to {changed: paths, problems: one for each that cannot}. */
export async function makeBundles(say = () => {}) {
  const changed = [];
  const problems = [];
  const shipped = new Set();
  for (const bundle of BUNDLES.filter(({ entry }) => existsSync(join(ROOT, entry)))) {
    say(bundle.out);
    try {
      const { text, packages } = await bundleOf(bundle);
      if (writeIfChanged(join(ROOT, bundle.out), text)) changed.push(bundle.out);
      if (bundle.out.startsWith(`${SHIPPED}/`)) for (const one of packages) shipped.add(one);
    } catch (error) {
      problems.push(error);
    }
  }
  for (const { from, to } of START_FILES)
    if (writeIfChanged(join(ROOT, to), readFileSync(join(ROOT, from), "utf8"))) changed.push(to);
  const builds = [
    { out: LICENSES, make: () => writeIfChanged(join(ROOT, LICENSES), licensesText([...shipped].sort())) },
    { out: SDK_TYPES.to, make: ensureSdkTypes },
    ...KITS.map((kit) => ({ out: `sdk/${kit}/dist`, make: () => ensureCdkBindings(kit) })),
  ];
  for (const { out, make } of builds) {
    say(out);
    try {
      if (await make()) changed.push(out);
    } catch (error) {
      problems.push(error);
    }
  }
  return { changed, problems };
}

/** The bundle of one entry as text. A Problem carries esbuild's messages. */
export async function bundleText(bundle) {
  return (await bundleOf(bundle)).text;
}

/** The bundle of one entry: {text, packages}, the folders of npm's packages in it. A Problem carries esbuild's messages. */
export async function bundleOf({ entry, isProgram = false, isStartedOften = false }) {
  const { build, formatMessages } = await import("esbuild");
  try {
    const options = { ...OPTIONS, ...(isStartedOften ? QUICK_START : {}), entryPoints: [entry] };
    const result = await build({ ...options, banner: isProgram ? { js: SHEBANG } : {} });
    return { text: result.outputFiles[0].text, packages: packagesIn(result.metafile) };
  } catch (error) {
    if (error.errors === undefined) throw error;
    const messages = await formatMessages(error.errors, { kind: "error" });
    throw new Problem(`Unable to bundle ${entry}`, "Each message names file and line", messages.join("").trim());
  }
}

async function ensureSdkTypes() {
  const sources = globSync("sdk/pulumi/src/**/*.ts", { cwd: ROOT }).sort();
  if (!sources.includes("sdk/pulumi/src/index.ts")) return false;
  const stamp = join(ROOT, ".cache", "sdk-types.sha256");
  const hash = hashFiles([...sources, "sdk/pulumi/tsconfig.json", "tsconfig.base.json", "package-lock.json"]);
  const isCurrent = existsSync(join(ROOT, SDK_TYPES.to, "index.d.ts")) && readIfThere(stamp) === hash;
  if (isCurrent) return false;
  await runOrFail("tsc", ["-b", SDK_TYPES.project], { cwd: ROOT, problem: "The SDK does not compile" });
  cpSync(join(ROOT, SDK_TYPES.from), join(ROOT, SDK_TYPES.to), {
    recursive: true,
    filter: (file) => !file.endsWith(".tsbuildinfo"),
  });
  writeIfChanged(stamp, hash);
  return true;
}
