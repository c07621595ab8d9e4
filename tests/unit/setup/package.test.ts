// The packages of the provider, made of small stand-ins for its bundles and for Node: what is where, that the same files
// give the same bytes, and that the real CLIs take them.

import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { unzipSync } from "fflate";
import { runSetupCode } from "./run-setup-code";

const checkoutRoot = join(__dirname, "../../..");
const version = "9.8.7";
const platform = runSetupCode("package/platforms.mjs", "return it.ownPlatform()") as string;
const program = `terraform-provider-leea_v${version}`;
const zipName = `terraform-provider-leea_${version}_${platform}.zip`;
const hosts = ["registry.opentofu.org", "registry.terraform.io"];

interface Schemas {
  readonly provider_schemas: Readonly<Record<string, object>>;
}

let folder: string;
let out: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "leea-package-"));
  out = join(folder, "out");
  writeFileSync(join(folder, "provider.js"), "// provider\n");
  writeFileSync(join(folder, "agent.js"), "// agent\n");
  writeFileSync(join(folder, "LICENSE"), "licence of Node\n");
  writeFileSync(join(folder, "LICENSE.npm"), "licences of what is bundled\n");
  // Tells what it was started with, as a Node would be.
  writeFileSync(join(folder, "node"), '#!/bin/sh\necho "$@" "options=$NODE_OPTIONS"\n', { mode: 0o755 });
});

afterEach(() => rmSync(folder, { recursive: true }));

/** Runs `body` of setup/package/layout.mjs with `one`, the package of this platform. */
function layOut(body: string): unknown {
  const script = `
    const { packageFiles } = await import(input.files);
    const in_ = (name) => input.folder + "/" + name;
    const runtime = { node: in_("node"), license: in_("LICENSE") };
    const bundles = { provider: in_("provider.js"), agent: in_("agent.js"), licenses: in_("LICENSE.npm") };
    const one = { ...input.one, files: packageFiles({ version: input.one.version, ...bundles, runtime }) };
    ${body}`;
  const files = join(__dirname, "../../../setup/package/package-files.mjs");
  return runSetupCode("package/layout.mjs", script, { folder, out, files, one: { version, platform } });
}

const sha256 = (file: string) => createHash("sha256").update(readFileSync(file)).digest("hex");

/** Permissions of each file of a zip, octal, from its central directory (APPNOTE.TXT 4.3.12). */
function modesOf(zip: Buffer): Record<string, string> {
  const modes: Record<string, string> = {};
  for (let at = zip.indexOf("PK\x01\x02", 0, "latin1"); at !== -1; at = zip.indexOf("PK\x01\x02", at + 4, "latin1")) {
    const name = zip.toString("utf8", at + 46, at + 46 + zip.readUInt16LE(at + 28));
    modes[name] = (zip.readUInt32LE(at + 38) >>> 16).toString(8);
  }
  return modes;
}

describe("the unpacked mirror", () => {
  test("has the provider with all that it needs, for the default host of either CLI", () => {
    layOut("it.writeMirror(input.out, one)");
    expect(readdirSync(join(out, "mirror")).sort()).toEqual(hosts);
    for (const host of hosts) {
      const place = join(out, "mirror", host, "leea/leea", version, platform);
      expect(readdirSync(place).sort()).toEqual([
        "LICENSE.node",
        "LICENSE.npm",
        "LICENSE.proto",
        "agent.cjs",
        "node",
        "provider.cjs",
        program,
      ]);
    }
  });

  test("has one file only that a CLI would take for the provider", () => {
    layOut("it.writeMirror(input.out, one)");
    const files = readdirSync(join(out, "mirror", hosts[0] ?? "", "leea/leea", version, platform));
    expect(files.filter((name) => name.startsWith("terraform-provider-leea"))).toEqual([program]);
  });

  test("starts the Node beside it, from any folder and without what the caller wants of other programs", () => {
    layOut("it.writeMirror(input.out, one)");
    const place = join(out, "mirror", hosts[0] ?? "", "leea/leea", version, platform);
    const output = execFileSync(join(place, program), ["one", "two words"], {
      encoding: "utf8",
      cwd: "/",
      env: { PATH: "", NODE_OPTIONS: "--require ./theirs.js" },
    });
    expect(output).toBe(`${join(place, "provider.cjs")} one two words options=\n`);
  });

  test("is the same after a second run, and loses what a later version no longer has", () => {
    layOut("it.writeMirror(input.out, one)");
    const place = join(out, "mirror", hosts[1] ?? "", "leea/leea", version, platform);
    const before = readdirSync(place);
    writeFileSync(join(place, "old.cjs"), "");
    layOut("it.writeMirror(input.out, one)");
    expect(readdirSync(place)).toEqual(before);
  });
});

describe("what is written", () => {
  const everything = () =>
    readdirSync(out, { recursive: true, withFileTypes: true }).map((entry) => join(entry.parentPath, entry.name));
  const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);
  const writeAll = "it.writeMirror(input.out, one); await it.writeZip(input.out, one);";

  test("may be read by every user, whatever the umask and the permissions of the cached Node are", () => {
    chmodSync(join(folder, "node"), 0o700);
    layOut(`process.umask(0o077); ${writeAll} it.writeRelease(input.out, { ...one, platforms: [one.platform] })`);
    for (const path of everything()) {
      const isProgram = statSync(path).isDirectory() || [program, "node"].includes(basename(path));
      expect([path, modeOf(path)]).toEqual([path, isProgram ? "755" : "644"]);
    }
    expect(modeOf(out)).toBe("755");
    expect(modeOf(join(folder, "node"))).toBe("700");
  });

  test("is not touched where it is so already", () => {
    layOut(writeAll);
    const fingerprints = () => everything().map((path) => [path, statSync(path).ino, statSync(path).ctimeMs]);
    const before = fingerprints();
    layOut(writeAll);
    expect(fingerprints()).toEqual(before);
  });
});

describe("the zip", () => {
  test("holds the same files, those that run marked so, whatever their marks were here", async () => {
    chmodSync(join(folder, "provider.js"), 0o777);
    layOut("return it.writeZip(input.out, one)");
    const zip = readFileSync(join(out, "release", zipName));
    expect(modesOf(zip)).toEqual({
      "LICENSE.node": "100644",
      "LICENSE.npm": "100644",
      "LICENSE.proto": "100644",
      "agent.cjs": "100644",
      node: "100755",
      "provider.cjs": "100644",
      [program]: "100755",
    });
    expect(Buffer.from(unzipSync(zip)["node"] ?? []).equals(readFileSync(join(folder, "node")))).toBe(true);
  });

  test("has the same bytes from the same files at any time, in any time zone", () => {
    layOut("return it.writeZip(input.out, one)");
    const before = sha256(join(out, "release", zipName));
    utimesSync(join(folder, "agent.js"), 1, 1);
    process.env["TZ"] = "Pacific/Chatham";
    try {
      layOut("return it.writeZip(input.out, one)");
    } finally {
      delete process.env["TZ"];
    }
    expect(sha256(join(out, "release", zipName))).toBe(before);
  });

  test("has other bytes when a file has", () => {
    layOut("return it.writeZip(input.out, one)");
    const before = sha256(join(out, "release", zipName));
    writeFileSync(join(folder, "agent.js"), "// another agent\n");
    layOut("return it.writeZip(input.out, one)");
    expect(sha256(join(out, "release", zipName))).not.toBe(before);
  });
});

describe("the release", () => {
  const release = () => readdirSync(join(out, "release")).sort();
  const writeRelease =
    "await it.writeZip(input.out, one); it.writeRelease(input.out, { ...one, platforms: [one.platform] });";
  const prefix = `terraform-provider-leea_${version}_`;
  const sums = `${prefix}SHA256SUMS`;

  test("has nothing of the same version that an earlier run made, nor have the mirrors of zips", () => {
    layOut(`await it.writeZip(input.out, { ...one, platform: "plan9_amd64" });
      await it.writeZip(input.out, { ...one, version: "1.0.0" });`);
    for (const name of [`${zipName}.new`, `${sums}.sig`]) writeFileSync(join(out, "release", name), "earlier");
    layOut(writeRelease);
    const older = `terraform-provider-leea_1.0.0_${platform}.zip`;
    expect(release()).toEqual([older, zipName, `${prefix}manifest.json`, sums].sort());
    expect(readFileSync(join(out, "release", sums), "utf8")).not.toMatch(/plan9|\.new|1\.0\.0/);
    for (const host of hosts)
      expect(readdirSync(join(out, "zip-mirror", host, "leea/leea")).sort()).toEqual([older, zipName].sort());
  });

  test("keeps its signature as long as the checksums are the same", () => {
    layOut(writeRelease);
    writeFileSync(join(out, "release", `${sums}.sig`), "signature");
    layOut(writeRelease);
    expect(release()).toContain(`${sums}.sig`);
    writeFileSync(join(folder, "agent.js"), "// another agent\n");
    layOut(writeRelease);
    expect(release()).not.toContain(`${sums}.sig`);
  });

  test("has the manifest, and checksums of all but themselves", () => {
    layOut("await it.writeZip(input.out, one); it.writeRelease(input.out, { ...one, platforms: [one.platform] })");
    const release = join(out, "release");
    const prefix = `terraform-provider-leea_${version}_`;
    expect(JSON.parse(readFileSync(join(release, `${prefix}manifest.json`), "utf8"))).toEqual({
      version: 1,
      metadata: { protocol_versions: ["6.0"] },
    });
    const lines = readFileSync(join(release, `${prefix}SHA256SUMS`), "utf8")
      .trimEnd()
      .split("\n");
    const names = [zipName, `${prefix}manifest.json`].sort();
    expect(lines).toEqual(names.map((name) => `${sha256(join(release, name))}  ${name}`));
    expect(readdirSync(release).sort()).toEqual([...names, `${prefix}SHA256SUMS`].sort());
  });
});

const onPath = (cli: string) =>
  spawnSync(cli, ["version"], { env: { ...process.env, CHECKPOINT_DISABLE: "1" } }).status === 0;

describe.each(["terraform", "tofu"])("%s", (cli) => {
  // Not every machine has it; where it is not, the skipped tests of the run say so.
  const testWithCli = onPath(cli) ? test : test.skip;

  testWithCli.each(["mirror", "zip-mirror"])("installs the provider from %s", (mirror) => {
    layOut("it.writeMirror(input.out, one); await it.writeZip(input.out, one)");
    const { workspace } = initialize(mirror);
    const host = cli === "tofu" ? "registry.opentofu.org" : "registry.terraform.io";
    const installed = join(workspace, ".terraform/providers", host, "leea/leea", version, platform, program);
    expect(existsSync(installed)).toBe(true);
    expect(statSync(installed).mode & 0o111).not.toBe(0);
    expect(execFileSync(installed, ["started"], { encoding: "utf8" })).toContain("provider.cjs started");
  });

  testWithCli("starts the provider of this checkout from its package, and hears the schema that schema/ gives", () => {
    useRealBundles();
    layOut("it.writeMirror(input.out, one)");
    const { workspace, env } = initialize("mirror");
    const output = execFileSync(cli, ["providers", "schema", "-json"], { cwd: workspace, env, encoding: "utf8" });
    const heard = Object.values((JSON.parse(output) as Schemas).provider_schemas)[0];
    const written = readFileSync(join(checkoutRoot, "schema/generated/terraform.json"), "utf8");
    expect(heard).toMatchObject(Object.values((JSON.parse(written) as Schemas).provider_schemas)[0] ?? {});
  });

  testWithCli("takes the package's folder as a development override, without init", () => {
    useRealBundles();
    layOut("it.writeMirror(input.out, one)");
    const host = cli === "tofu" ? "registry.opentofu.org" : "registry.terraform.io";
    const place = join(out, "mirror", host, "leea/leea", version, platform);
    const configuration = join(folder, "cli.tfrc");
    writeFileSync(configuration, `provider_installation {\n  dev_overrides {\n    "leea/leea" = "${place}"\n  }\n}\n`);
    const workspace = writeWorkspace();
    const env = { ...process.env, TF_CLI_CONFIG_FILE: configuration, CHECKPOINT_DISABLE: "1" };
    const output = execFileSync(cli, ["validate", "-no-color"], { cwd: workspace, env, encoding: "utf8" });
    expect(output).toContain("development overrides");
    expect(output).toContain("The configuration is valid");
  });

  testWithCli("goes on with a provider that was built anew, where its lock file is made to take it", () => {
    useRealBundles();
    layOut("it.writeMirror(input.out, one)");
    const { workspace, env } = initialize("mirror");
    appendFileSync(join(folder, "provider.js"), "// built anew\n");
    layOut("it.writeMirror(input.out, one)");
    const ask = (...words: string[]) =>
      spawnSync(cli, [...words, "-no-color"], { cwd: workspace, env, encoding: "utf8" });
    expect(ask("validate").stderr).toMatch(/checksums/);
    expect(ask("init", "-upgrade").status).toBe(1);
    const accept = `(await import(input.files.replace("package/package-files", "terraform/lock-file"))).acceptPackage`;
    expect(layOut(`it.writeMirror(input.out, one); return ${accept}(${JSON.stringify(workspace)}, one)`)).toBe(true);
    expect(ask("validate")).toMatchObject({ status: 0, stdout: expect.stringContaining("is valid") });
    expect(ask("init", "-lockfile=readonly").status).toBe(0);
  });

  /** The provider that this checkout has built stands for the one of a package, on the Node that runs this test. */
  function useRealBundles(): void {
    for (const [bundle, name] of Object.entries({ "terraform.cjs": "provider.js", "agent.cjs": "agent.js" }))
      copyFileSync(join(checkoutRoot, "provider/dist", bundle), join(folder, name));
    rmSync(join(folder, "node"));
    symlinkSync(realpathSync(process.execPath), join(folder, "node"));
  }

  function writeWorkspace(): string {
    const workspace = join(folder, "workspace");
    mkdirSync(workspace);
    const source = `terraform {\n  required_providers {\n    leea = { source = "leea/leea" }\n  }\n}\n`;
    const settings = `provider "leea" {\n  owner = "acme/shop/prod"\n}\n`;
    writeFileSync(join(workspace, "main.tf"), `${source}${settings}`);
    return workspace;
  }

  /** A workspace whose provider comes from one of the mirrors. */
  function initialize(mirror: string): { workspace: string; env: NodeJS.ProcessEnv } {
    const workspace = writeWorkspace();
    const configuration = join(folder, "cli.tfrc");
    const text = runSetupCode("terraform/run-cli.mjs", "return it.cliConfiguration(input)", join(out, mirror));
    writeFileSync(configuration, text as string);
    const env = { ...process.env, TF_CLI_CONFIG_FILE: configuration, CHECKPOINT_DISABLE: "1" };
    execFileSync(cli, ["init", "-no-color"], { cwd: workspace, env });
    return { workspace, env };
  }
});
