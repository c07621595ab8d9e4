// A link's WireGuard interface on this host: made, brought to what its record says, adopted, removed. It never guesses a port or a key:
// everything comes from the record. An interface that is right already is left alone, so that nothing in flight is lost.

import { linkLocalAddress6 } from "../../../model/mesh/mesh-address6";
import {
  formatEndpoint,
  readWireguardDump,
  removeWireguardPeerArgv,
  setWireguardArgv,
  type WireguardStatus,
} from "../../../model/mesh/wireguard-config";
import type { AgentContext } from "../../agent-context";
import { setInterfaceSettings } from "../../net/kernel-settings";
import { digestFingerprint, readIdentity, readWireguardKey } from "../identity";
import type { MeshLink, MeshState } from "../mesh-state";
import { findWireguardDaemon, mayAskWireguard, startWireguardDaemon, stopWireguardDaemon } from "./wireguard-daemon";

/** Brings a link up as its record says. `resetEndpoint`: the peer's address or port in the record is newer than what WireGuard knows. */
export async function raiseLink(
  ctx: AgentContext,
  state: MeshState,
  link: MeshLink,
  resetEndpoint: boolean,
): Promise<void> {
  const present = await readWireguard(ctx, link.interfaceName);
  if (present === undefined) await makeInterface(ctx, link.interfaceName);
  await setPeer(ctx, link, present, resetEndpoint);
  await setAddresses(ctx, state, link.interfaceName);
}

/** Removes a link's interface and its process; nothing where neither is there. */
export async function removeLinkInterface(ctx: AgentContext, interfaceName: string): Promise<void> {
  await stopWireguardDaemon(ctx, interfaceName);
  await deleteInterface(ctx, interfaceName);
}

/** What WireGuard says of an interface; undefined where there is none or nobody answers for it. */
export async function readWireguard(ctx: AgentContext, interfaceName: string): Promise<WireguardStatus | undefined> {
  if (!(await mayAskWireguard(ctx, interfaceName))) return undefined;
  const result = await ctx.system.run(["wg", "show", interfaceName, "dump"], {
    acceptExitCodes: [0, 1],
    timeoutMs: 5_000,
  });
  return result.exitCode === 0 ? readWireguardDump(result.stdout) : undefined;
}

/** A new interface: the kernel's where it can, else wireguard-go's. What is left of an older one is removed first. */
async function makeInterface(ctx: AgentContext, interfaceName: string): Promise<void> {
  if ((await findWireguardDaemon(ctx, interfaceName)) !== undefined) await stopWireguardDaemon(ctx, interfaceName);
  await deleteInterface(ctx, interfaceName);
  const argv = ["ip", "link", "add", interfaceName, "type", "wireguard"];
  const made = await ctx.system.run(argv, { acceptExitCodes: [0, 1, 2] });
  if (made.exitCode !== 0) await startWireguardDaemon(ctx, interfaceName);
}

async function deleteInterface(ctx: AgentContext, interfaceName: string): Promise<void> {
  if (!(await ctx.system.exists(`/sys/class/net/${interfaceName}`))) return;
  await ctx.system.run(["ip", "link", "delete", interfaceName], { acceptExitCodes: [0, 1] });
}

/** Setting an endpoint anew would undo what WireGuard learned by the peer's roaming, so it is left out when nothing changed. */
async function setPeer(
  ctx: AgentContext,
  link: MeshLink,
  present: WireguardStatus | undefined,
  resetEndpoint: boolean,
): Promise<void> {
  const key = await readWireguardKey(ctx);
  const peerPublicKey = link.peer.wireguardPublicKey;
  const known = present?.peers.find((peer) => peer.publicKey === peerPublicKey);
  for (const peer of present?.peers ?? []) {
    if (peer !== known) await ctx.system.run(removeWireguardPeerArgv(link.interfaceName, peer.publicKey));
  }
  const wanted = link.peerPort === undefined ? undefined : { address: link.peer.endpointAddress, port: link.peerPort };
  const isEndpointKnown = known?.endpoint !== undefined && !resetEndpoint;
  const isRight = known !== undefined && present?.listenPort === link.listenPort && present.publicKey === key.publicKey;
  if (
    isRight &&
    (wanted === undefined || isEndpointKnown || known.endpoint === formatEndpoint(wanted.address, wanted.port))
  )
    return;
  const argv = setWireguardArgv({
    interfaceName: link.interfaceName,
    listenPort: link.listenPort,
    privateKeyPath: key.path,
    peerPublicKey,
    ...(wanted === undefined || isEndpointKnown ? {} : { endpoint: wanted }),
  });
  await ctx.system.run(argv, { timeoutMs: 15_000 });
}

/** The host's IPv4 mesh address stands on every link as well, as BIRD 2.0.12 needs an IPv4 next hop there. */
async function setAddresses(ctx: AgentContext, state: MeshState, interfaceName: string): Promise<void> {
  const { fingerprint } = await readIdentity(ctx);
  await setInterfaceSettings(ctx, interfaceName, "link");
  const linkLocal = `${linkLocalAddress6(digestFingerprint(fingerprint))}/64`;
  const commands = [
    ["ip", "link", "set", interfaceName, "mtu", String(state.parameters.mtu), "addrgenmode", "none"],
    ["ip", "link", "set", interfaceName, "up"],
    ["ip", "address", "replace", linkLocal, "dev", interfaceName, "nodad"],
    ["ip", "address", "replace", `${state.meshAddress}/32`, "dev", interfaceName],
  ];
  for (const argv of commands) await ctx.system.run(argv);
}
