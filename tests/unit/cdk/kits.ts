// The two CDKs with leea's classes for each, as one shape: what is tested of one holds for the other.

import * as leeaCdktf from "@leea/cdktf";
import * as leeaCdktn from "@leea/cdktn";
import * as cdktf from "cdktf";
import * as cdktn from "cdktn";

/** One CDK: its own package and leea's for it. */
export interface Kit {
  readonly name: "cdktf" | "cdktn";
  readonly cdk: typeof cdktn;
  readonly leea: typeof leeaCdktn;
}

/** CDK for Terraform and CDK Terrain. The former's classes have the same members; only their identity differs. */
export const kits: readonly Kit[] = [
  { name: "cdktf", cdk: cdktf as unknown as typeof cdktn, leea: leeaCdktf as unknown as typeof leeaCdktn },
  { name: "cdktn", cdk: cdktn, leea: leeaCdktn },
];
