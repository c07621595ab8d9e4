// What a host reports of a VM -> the outputs that the front doors store.

import type { VMOutputs } from "../../../../schema/generated/declared";
import { contentsOfSpec } from "../../../model/inputs/inputs-of-spec";
import { asObjects, asText } from "../../../model/inputs/loose-values";
import type { VmReport } from "../../../protocol/vm";
import type { KnownState, Values } from "../handler-context";

/** The outputs of a VM that its host reports. `contents`: SHA-256 by the place where the file was named. */
export function outputsOfVm(report: VmReport, contents: Readonly<Record<string, string>>): VMOutputs {
  return {
    vmId: report.vmId,
    address: report.address ?? "",
    currentNode: report.nodeId,
    state: report.state,
    gpusInMachine: report.gpus ?? [],
    accelerator: report.accelerator,
    isolation: report.accelerator === "tcg" ? "emulated" : "hardware",
    bootedAt: report.bootedAtMs === undefined ? "" : new Date(report.bootedAtMs).toISOString(),
    generation: report.generation,
    incarnation: report.incarnation,
    contents: Object.entries(contents)
      .map(([field, sha256]) => ({ field, sha256 }))
      .sort((one, other) => (one.field < other.field ? -1 : 1)),
    ...(report.lastMigration === undefined ? {} : { lastMigration: report.lastMigration }),
  };
}

/** The contents that a state holds, by field. */
export function contentsOf(outputs: Values): Record<string, string> {
  return Object.fromEntries(
    asObjects(outputs["contents"]).flatMap((content) => {
      const [field, sha256] = [asText(content["field"]), asText(content["sha256"])];
      return field === undefined || sha256 === undefined ? [] : [[field, sha256]];
    }),
  );
}

/**
 * The contents that a state holds, and where it has none those that the host's record names: a create that was not followed to
 * its end leaves a state without, and a disk that is still to be filled would be made empty.
 */
export function knownContents(outputs: Values, report: VmReport | undefined): Record<string, string> {
  return { ...(report === undefined ? {} : contentsOfSpec(report.spec)), ...contentsOf(outputs) };
}

/** The state of a host that does not answer: everything as it was last known. */
export function asUnreachable(known: KnownState): KnownState {
  return { inputs: known.inputs, outputs: { ...known.outputs, state: "unreachable" } };
}
