// wireguard-go for hosts whose kernel has no WireGuard: sent by content, where this program was given one to send. A
// wireguard-go that the host has itself stays the one that is used.

import { existsSync } from "node:fs";
import { LeeaError } from "../../model/errors";
import type { HostLink } from "../host-link";
import { hashFile } from "./choose-runtime";
import { uploadFile } from "./upload-file";

const scriptTimeoutMs = 20_000;
const folder = "/opt/leea/bin";

// $1: file name of ours. Only making an interface tells whether the kernel can: a module may be listed and not load.
const lookScript = String.raw`
if [ "$(readlink ${folder}/wireguard-go)" = "$1" ]; then echo ours; exit; fi
if [ ! -e ${folder}/wireguard-go ] && command -v wireguard-go >/dev/null 2>&1; then echo host; exit; fi
if ip link add leeaprobe0 type wireguard 2>/dev/null; then ip link delete leeaprobe0; echo kernel; exit; fi
echo none
`;

// $1: file name beside the link. One rename, so that a running tunnel's program is never half replaced.
const linkScript = `cd ${folder} && ln -sf "$1" .wireguard-go.$$ && mv -f -T .wireguard-go.$$ wireguard-go`;

/** Sends the binary that LEEA_WIREGUARD_GO names where the host has no WireGuard. TOOL_MISSING, COMMAND_FAILED. */
export async function ensureWireguard(link: HostLink, report: (line: string) => void): Promise<void> {
  const source = process.env["LEEA_WIREGUARD_GO"];
  if (source === undefined || source === "") return;
  if (!existsSync(source))
    throw new LeeaError({
      code: "TOOL_MISSING",
      message: `Unable to send wireguard-go: LEEA_WIREGUARD_GO names ${source}, which is not there`,
      hint: "Build it with `npm run setup`, or unset the variable.",
    });
  const hash = await hashFile(source);
  const name = `wireguard-go-${hash.slice(0, 16)}`;
  const found = await link.runAsRoot({ script: lookScript, args: [name], timeoutMs: scriptTimeoutMs });
  if (found.stdout.trim() === "none") {
    report(`uploading wireguard-go to ${link.label}: its kernel has no WireGuard`);
    await uploadFile(link, { source, destination: `${folder}/${name}`, hash, mode: "755" });
    const linked = await link.runAsRoot({ script: linkScript, args: [name], timeoutMs: scriptTimeoutMs });
    if (linked.exitCode !== 0)
      throw new LeeaError({
        code: "COMMAND_FAILED",
        message: `Unable to install wireguard-go on host "${link.label}": ${linked.stderr.trim()}`,
        hint: "Check that /opt on the host can be written.",
      });
  }
}
