// A workspace of examples/terraform, as it stands there, for the hosts of a lab and the test guest.

import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Cli } from "../../../unit/terraform/rig/clis";
import type { World } from "../../world/world";
import { guestFiles } from "./lab-look";
import { Workspace } from "./workspace";

const exampleFile = join(__dirname, "../../../../examples/terraform/main.tf");

/** What the example says. */
export const exampleText = readFileSync(exampleFile, "utf8");

/** Where a workspace is made: `folder` is its own and need not exist. */
export interface ExamplePlace {
  readonly cli: Cli;
  readonly folder: string;
  readonly mirror: string;
}

/** The workspace, not initialized. Its placement is the example's own until a command says another. */
export function exampleWorkspace(world: World, { cli, folder, mirror }: ExamplePlace): Workspace {
  mkdirSync(folder, { recursive: true });
  copyFileSync(exampleFile, join(folder, "main.tf"));
  const variables = { lab_file: join(world.lab.directory, "lab.json"), ...guestFiles() };
  return new Workspace({ cli, folder, home: `${folder}.cli`, mirror, variables });
}
