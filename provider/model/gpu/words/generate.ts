// Pages about GPUs that follow from tables: what was run on what, and every refusal with its next step. Pure and deterministic.

import { gpuTroubles } from "../refusal/gpu-trouble";
import { gpuSupport, type SupportProof, type SupportRow } from "./gpu-support";

/** Every generated file: path relative to the repository, and its text. */
export function generateFiles(): Record<string, string> {
  return { "docs/gpu-support.md": emitSupport(), "docs/gpu-refusals.md": emitRefusals() };
}

const notice = "<!-- Generated from provider/model/gpu by `npm run generate`; never edited by hand. -->";

const proofWords: Readonly<Record<SupportProof, string>> = {
  hardware: "real hardware",
  emulated: "emulated",
  contract: "contract only",
};

function emitSupport(): string {
  const hardware = gpuSupport.filter(({ proof }) => proof === "hardware").length;
  return [
    notice,
    "# GPUs: what was run on what",
    [
      "- **real hardware**: a GPU of that maker, with its own driver.",
      "- **emulated**: a host under QEMU whose kernel is the distribution's own (`npm run test:gpu`): IOMMU groups, VFIO, SR-IOV and",
      "  mdev are the real code, the device is a stand-in. The guest saw it in its firmware's log; the host was as before afterwards.",
      "- **contract only**: written against what documents and sources say, and run over a bus in memory by the unit tests.",
    ].join("\n"),
    hardware === 0
      ? "**Nothing was run on a real GPU yet.** Speed, resets of real cards and large BARs are not proved by emulation."
      : "",
    table(
      ["mode", "maker", "host's kernel", "proof", "on what", "last run"],
      gpuSupport.map((row) => [`\`${row.mode}\``, row.vendor, row.kernel, proofWords[row.proof], row.on, dateOf(row)]),
    ),
  ]
    .filter((part) => part !== "")
    .join("\n\n")
    .concat("\n");
}

function dateOf({ proof, ran }: SupportRow): string {
  return ran ?? (proof === "contract" ? "none" : "not recorded yet");
}

function emitRefusals(): string {
  const rows = Object.entries(gpuTroubles).map(([name, { code, hint }]) => [`\`${name}\``, `\`${code}\``, hint]);
  return [
    notice,
    "# GPUs: what is refused, and what to do",
    [
      "Each refusal says on which device and by which evidence; all that stand against a declaration come at once, most of them in",
      "the preview. Scripts find the name in the error's `details.trouble`; a name never changes.",
    ].join("\n"),
    `${table(["name", "code", "next step"], rows)}\n`,
  ].join("\n\n");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
