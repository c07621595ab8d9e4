// What other software on this host would keep guests or links from working, each with the command that mends it. It only
// looks: another's firewall is another's. What it sees of a firewall is a base chain's "drop" policy and firewalld, which
// rejects by a last rule; a drop by any other rule it does not see.

import { hostDeviceName, linkNamePrefix } from "../../model/bird-config";
import { bridgeTapPrefix, handOverDeviceName, meshTapPrefix } from "../../model/net/tap-name";
import type { AgentContext } from "../agent-context";
import { readHostNetwork, readVmNetworks } from "./net-journal";

/** One conflict: `what` is a clause, `mend` the user's next step. */
export interface NetworkConflict {
  readonly what: string;
  readonly mend: string;
  /** Family, table and name of the nft chain that it is about. */
  readonly chain?: string;
}

interface Chain {
  readonly family: string;
  readonly table: string;
  readonly name: string;
  readonly hook?: string;
  readonly policy?: string;
}

/** Every conflict; empty for none. A host without nft or ss says nothing of what they would show. */
export async function findNetworkConflicts(ctx: AgentContext): Promise<readonly NetworkConflict[]> {
  const found = await Promise.all([
    findNftConflicts(ctx),
    findLegacyConflicts(ctx),
    findPortConflicts(ctx),
    findNameConflicts(ctx),
  ]);
  return found.flat();
}

async function findNftConflicts(ctx: AgentContext): Promise<readonly NetworkConflict[]> {
  const listed = JSON.parse(await look(ctx, ["nft", "--json", "list", "chains"], '{"nftables":[]}')) as {
    nftables: readonly { chain?: Chain }[];
  };
  const chains = listed.nftables.flatMap(({ chain }) => (chain === undefined ? [] : [chain]));
  const conflicts: NetworkConflict[] = [];
  for (const chain of chains.filter(stopsUs)) {
    const text = await look(ctx, ["nft", "list", "table", chain.family, chain.table], "");
    const sides = chain.hook === "forward" ? ["iifname", "oifname"] : ["iifname"];
    if (sides.every((side) => new RegExp(`${side} "leea\\*".* accept`).test(text))) continue;
    conflicts.push({
      chain: `${chain.family} ${chain.table} ${chain.name}`,
      what: `the firewall's chain ${chain.family} ${chain.table} ${chain.name} drops what it does not know, also what ${purpose(chain)}`,
      mend: mendOf(chain, chains),
    });
  }
  if (chains.some(({ table }) => table === "firewalld")) conflicts.push(...(await findFirewalldConflict(ctx)));
  return conflicts;
}

/** IPv6 is input only: links carry Babel by it, guests have none. */
function stopsUs(chain: Chain): boolean {
  const families = chain.hook === "input" ? ["ip", "ip6", "inet"] : chain.hook === "forward" ? ["ip", "inet"] : [];
  return chain.policy === "drop" && families.includes(chain.family);
}

function purpose(chain: Chain): string {
  return chain.hook === "forward"
    ? "guests send and receive"
    : "comes from guests and links for this host (DHCP, DNS, routing)";
}

/** Accepting in the other's chain is safe: our own table judges the same packets. Docker puts its own jump first, but for DOCKER-USER. */
function mendOf(chain: Chain, chains: readonly Chain[]): string {
  const sides = chain.hook === "forward" ? (["-i", "-o"] as const) : (["-i"] as const);
  const tool = chain.family === "ip6" ? "ip6tables" : "iptables";
  const isIptables = chain.table === "filter" && chain.name === chain.name.toUpperCase() && chain.family !== "inet";
  const hasDocker = chains.some(({ family, name }) => family === chain.family && name === "DOCKER-USER");
  const target = chain.hook === "forward" && hasDocker ? "DOCKER-USER" : chain.name;
  const commands = sides.map((side) =>
    isIptables
      ? `${tool} -I ${target} ${side} leea+ -j ACCEPT`
      : `nft insert rule ${chain.family} ${chain.table} ${chain.name} ${side === "-i" ? "iifname" : "oifname"} '"leea*"' accept`,
  );
  return `Run \`${commands.join(" && ")}\`, and keep it where this firewall keeps its rules (ufw: /etc/ufw/before.rules).`;
}

async function findFirewalldConflict(ctx: AgentContext): Promise<readonly NetworkConflict[]> {
  const text = await look(ctx, ["nft", "list", "table", "inet", "firewalld"], "");
  if (text === "" || text.includes('"leea*"')) return [];
  const what = "firewalld rejects what belongs to none of its zones, also what guests and links send";
  const mend =
    "Run `firewall-cmd --permanent --zone=trusted --add-interface=leea+ && firewall-cmd --reload`; leea's own rules go on to judge these packets.";
  return [{ what, mend }];
}

/** The old iptables, which nft does not show. Asked only where its table is in use, as asking loads it into the kernel. */
async function findLegacyConflicts(ctx: AgentContext): Promise<readonly NetworkConflict[]> {
  const tables = (await ctx.system.readText("/proc/net/ip_tables_names")) ?? "";
  if (!tables.split("\n").includes("filter")) return [];
  const rules = await look(ctx, ["iptables-legacy", "-S"], "");
  const hasDocker = rules.includes("-N DOCKER-USER");
  const sides = { FORWARD: ["-i", "-o"], INPUT: ["-i"] } as const;
  return (["FORWARD", "INPUT"] as const)
    .filter((name) => rules.includes(`-P ${name} DROP`))
    .filter((name) => !sides[name].every((side) => rules.includes(`${side} leea+ -j ACCEPT`)))
    .map((name) => {
      const target = name === "FORWARD" && hasDocker ? "DOCKER-USER" : name;
      const commands = sides[name].map((side) => `iptables-legacy -I ${target} ${side} leea+ -j ACCEPT`);
      return {
        what: `the firewall's chain ${name} (iptables-legacy) drops what it does not know, also what guests and links send`,
        mend: `Run \`${commands.join(" && ")}\`, and keep it where this firewall keeps its rules.`,
      };
    });
}

/** A server on every address and every interface keeps ours from its own address. */
async function findPortConflicts(ctx: AgentContext): Promise<readonly NetworkConflict[]> {
  const uses = [
    { flag: "-t", port: 53, name: "DNS over TCP" },
    { flag: "-u", port: 53, name: "DNS" },
    { flag: "-u", port: 67, name: "DHCP" },
  ];
  const conflicts: NetworkConflict[] = [];
  for (const { flag, port, name } of uses) {
    const text = await look(ctx, ["ss", "-H", "-l", "-n", "-p", flag, "sport", "=", `:${port}`], "");
    const wildcard = text
      .split("\n")
      .find((line) => /^(0\.0\.0\.0|\*|\[::\]):/.test(line.trim().split(/\s+/)[3] ?? ""));
    if (wildcard === undefined) continue;
    const holder = /users:\(\("([^"]+)"/.exec(wildcard)?.[1] ?? "a program";
    conflicts.push({
      what: `${holder} serves ${name} (port ${port}) on every interface, so guests cannot be served by leea`,
      mend: "Let it listen on its own interfaces only (dnsmasq: bind-dynamic and interface=…; named: listen-on; ISC DHCP: INTERFACESv4).",
    });
  }
  return conflicts;
}

/** Links are the mesh's own to tell. */
async function findNameConflicts(ctx: AgentContext): Promise<readonly NetworkConflict[]> {
  const hostNames = (await readHostNetwork(ctx)) === undefined ? [] : [hostDeviceName, handOverDeviceName];
  const ours = new Set([...hostNames, ...(await readVmNetworks(ctx)).flatMap(({ taps }) => taps)]);
  const isOfOurKind = (name: string) =>
    name === hostDeviceName ||
    name === handOverDeviceName ||
    ((name.startsWith(meshTapPrefix) || name.startsWith(bridgeTapPrefix)) && !name.startsWith(linkNamePrefix));
  return (await ctx.system.list("/sys/class/net"))
    .filter((name) => isOfOurKind(name) && !ours.has(name))
    .map((name) => ({
      what: `the host has an interface ${name}, a name that leea uses, and leea did not make it`,
      mend: `Rename it, or remove it if it is a left-over: \`ip link delete dev ${name}\`.`,
    }));
}

async function look(ctx: AgentContext, argv: readonly string[], absent: string): Promise<string> {
  try {
    return (await ctx.system.run(argv, { timeoutMs: 10_000 })).stdout;
  } catch (error) {
    // A look that is not possible (no such program, an old version) must not keep the report back.
    ctx.log.write("debug", "network look failed", { argv, error: String(error) });
    return absent;
  }
}
