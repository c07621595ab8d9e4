// wireguard-go for hosts whose kernel has no WireGuard: sent by content, where this program was given one to send.

import { existsSync } from "node:fs";
import { LeeaError } from "../../model/errors";
import type { HostLink } from "../host-link";
import { hashFile } from "./choose-runtime";
import { uploadFile } from "./upload-file";

const linkTimeoutMs = 20_000;

// $1: file name beside the link. One rename, so that a running tunnel's program is never half replaced.
const linkScript = `cd /opt/leea/bin && ln -sf "$1" .wireguard-go.$$ && mv -f -T .wireguard-go.$$ wireguard-go`;

/** Sends the binary that LEEA_WIREGUARD_GO names; without that variable the host goes without. */
export async function uploadWireguard(link: HostLink, report: (line: string) => void): Promise<void> {
  const source = process.env["LEEA_WIREGUARD_GO"];
  if (source === undefined || source === "") return;
  if (!existsSync(source)) throw new LeeaError({ code: "TOOL_MISSING", message: `Unable to send wireguard-go: LEEA_WIREGUARD_GO names ${source}, which is not there`, hint: "Build it with `npm run setup`, or unset the variable." });
  report(`uploading wireguard-go to ${link.label}: its kernel has no WireGuard`);
  const hash = await hashFile(source);
  const name = `wireguard-go-${hash.slice(0, 16)}`;
  await uploadFile(link, { source, destination: `/opt/leea/bin/${name}`, hash, mode: "755" });
  const linked = await link.runAsRoot({ script: linkScript, args: [name], timeoutMs: linkTimeoutMs });
  if (linked.exitCode !== 0) throw new LeeaError({ code: "COMMAND_FAILED", message: `Unable to install wireguard-go on host "${link.label}": ${linked.stderr.trim()}`, hint: "Check that /opt on the host can be written." });
}
