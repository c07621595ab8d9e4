// Everything that the rules need to know of a host to plan a partition: read in one go by the agent, judged here.

import type { MissingForGpu } from "../host/host-readiness";
import type { HostUseSigns } from "../host/host-use";
import type { PciFunction } from "../pci/pci-function";
import type { GpuProfile } from "../profile/gpu-profile";
import type { QuotaOffer } from "../quota/partition-quota";
import type { NamedFunction } from "../select-device";

/** A device or VF that makes mediated devices, with its types. */
export interface MdevParent {
  readonly parent: string;
  readonly types: readonly GpuProfile[];
}

/** A VF that its vendor's driver serves: the type that it has, or those that it can be given. */
export interface VendorVf {
  readonly vf: string;
  readonly currentType?: string;
  readonly creatable: readonly GpuProfile[];
}

/** What a card can be split into, beside plain VFs. */
export interface DeviceParts {
  readonly mdevParents: readonly MdevParent[];
  readonly vendorVfs: readonly VendorVf[];
  /** Absent: the driver has no quotas for VFs. */
  readonly quota?: QuotaOffer;
}

/** A host as the planner sees it. */
export interface HostGpus {
  readonly functions: readonly NamedFunction[];
  /** By address; every function has an entry. */
  readonly signs: ReadonlyMap<string, HostUseSigns>;
  /** By the card's address (a VF's parts stand at its PF); absent: it has none. */
  readonly parts: ReadonlyMap<string, DeviceParts>;
  readonly missing: readonly MissingForGpu[];
}

/** The functions without their names. */
export function allFunctions({ functions }: Pick<HostGpus, "functions">): readonly PciFunction[] {
  return functions.map(({ device }) => device);
}
