// What a changed spec means for what was chosen at birth: only what the user changed is chosen anew.

import { macFor } from "../../../model/mac-address";
import type { VmRecord } from "../../../model/ownership";
import type { VmPins, VmSpec } from "../../../model/vm-spec";
import type { Agent } from "../../agent";
import { chooseAddress, chooseCpuModel } from "./birth-record";

/** The pins for the changed spec. Machine type and accelerator stay. Errors: those of choosing an address. */
export async function adjustPins(agent: Agent, record: VmRecord, spec: VmSpec): Promise<VmPins> {
  const { address: before, ...rest } = record.pins;
  const address =
    wishedAddress(record.spec) === wishedAddress(spec) ? before : await chooseAddress(agent, record.vmId, spec);
  const cpuModel =
    record.spec.cpu === spec.cpu ? rest.cpuModel : await chooseCpuModel(agent, spec.cpu, rest.accelerator);
  const macs = spec.nics.map((_, index) => macFor(record.vmId, index));
  return { ...rest, cpuModel, macs, ...(address === undefined ? {} : { address }) };
}

/** "none" without an interface in the mesh, "any" where no address is asked for. */
function wishedAddress(spec: VmSpec): string {
  const nic = spec.nics.find((each) => each.kind === "mesh");
  return nic?.kind === "mesh" ? (nic.address ?? "any") : "none";
}
