// A CDK example run as its README says: by ts-node, types checked, with no CLI of CDK and no Terraform.

import { execFileSync } from "node:child_process";
import { dirname, join } from "node:path";

const root = join(__dirname, "../../..");

/** ts-node reads the types of a whole CDK, on a machine that may be busy. */
export const synthesisDeadlineMs = 180_000;

/** What a program is told, and where it is run: its state lies there too. */
export interface SynthesisWishes {
  readonly folder: string;
  readonly labFile: string;
  readonly placement: string;
}

/** The folder with the `cdk.tf.json` that the example wrote. PATH holds our Node alone: what else it would start, it does not find. */
export function synthesize(kit: string, { folder, labFile, placement }: SynthesisWishes): string {
  const program = join(root, "examples", kit, "main.ts");
  execFileSync(process.execPath, [join(root, "node_modules/ts-node/dist/bin.js"), program], {
    cwd: folder,
    timeout: synthesisDeadlineMs,
    env: { PATH: dirname(process.execPath), LEEA_LAB_FILE: labFile, PLACEMENT: placement },
  });
  return join(folder, "cdktf.out", "stacks", "live-migration");
}

/** A file such as `leea lab up` writes, for hosts at these addresses. */
export function labFileText(addresses: Readonly<Record<string, string>>): string {
  const hosts = Object.entries(addresses).map(([name, address]) => ({
    name,
    address,
    port: 22,
    hostKey: "ssh-ed25519 AAAAC3Nz",
  }));
  return JSON.stringify({ hosts, identityFile: "/lab/id" });
}
