// Packet filters of other software that would stop the mesh: a base chain that drops or rejects what it does not know, and does not know
// us. Read from `nft -j list ruleset` (libnftables-json(5)); an accept in our own table cannot overrule another's drop. It decides only.

/** One conflict: `what` is a clause, `mend` the user's next step. */
export interface FilterConflict {
  readonly what: string;
  readonly mend: string;
  /** Family, table and name of the chain, such as `ip filter FORWARD`. */
  readonly chain: string;
}

/** UDP ports of the links, inclusive. */
export interface LinkPorts {
  readonly first: number;
  readonly last: number;
}

interface Chain {
  readonly family: string;
  readonly table: string;
  readonly name: string;
  readonly hook?: string;
  readonly policy?: string;
}

interface Rule {
  readonly family: string;
  readonly table: string;
  readonly chain: string;
  readonly expr: readonly Readonly<Record<string, unknown>>[];
}

/**
 * Chains on the way of forwarded or incoming packets that end in drop or reject and whose rules, followed through their jumps, name
 * neither our interfaces nor, for incoming, the links' ports. Text that is no ruleset gives none. Legacy iptables is not in it.
 */
export function findFilterConflicts(rulesetJson: string, ports: LinkPorts): readonly FilterConflict[] {
  const { chains, rules } = readRuleset(rulesetJson);
  const foreign = chains.filter(
    (chain) => chain.table !== "leea" && chain.family !== "arp" && chain.family !== "bridge",
  );
  return foreign.flatMap((chain) => {
    if (chain.hook !== "forward" && chain.hook !== "input") return [];
    if (!endsInDrop(chain, rules)) return [];
    const text = JSON.stringify(rulesBehind(chain, rules));
    const knowsInterfaces = text.includes('"leea');
    const knowsPorts = chain.hook === "forward" || text.includes(String(ports.first));
    return knowsInterfaces && knowsPorts ? [] : [describe(chain, ports)];
  });
}

function describe(chain: Chain, ports: LinkPorts): FilterConflict {
  const place = `${chain.family} ${chain.table} ${chain.name}`;
  const insert = (match: string): string => `\`nft insert rule ${place} ${match} accept\``;
  if (chain.hook === "forward") {
    return {
      chain: place,
      what: `the packet filter's chain "${place}" drops forwarded packets that it does not know, the mesh's among them`,
      mend: `Let ours through there: ${insert(`iifname '"leea*"'`)} and ${insert(`oifname '"leea*"'`)}, and the same in what writes that chain at boot (Docker: the chain DOCKER-USER).`,
    };
  }
  return {
    chain: place,
    what: `the packet filter's chain "${place}" drops incoming packets that it does not know, the links' among them`,
    mend: `Let ours in there: ${insert(`udp dport ${ports.first}-${ports.last}`)} and ${insert(`iifname '"leea*"'`)}, and the same in what writes that chain at boot (ufw, firewalld, nftables.conf).`,
  };
}

function readRuleset(text: string): { readonly chains: readonly Chain[]; readonly rules: readonly Rule[] } {
  let entries: readonly { readonly chain?: Chain; readonly rule?: Rule }[];
  try {
    entries = (JSON.parse(text) as { nftables?: typeof entries }).nftables ?? [];
  } catch {
    // No JSON: this nft cannot tell, so nothing is claimed of the host.
    entries = [];
  }
  return {
    chains: entries.flatMap(({ chain }) => (chain === undefined ? [] : [chain])),
    rules: entries.flatMap(({ rule }) => (rule === undefined ? [] : [rule])),
  };
}

/** By its policy, or by a last rule that drops or rejects without a condition, as firewalld writes it. */
function endsInDrop(chain: Chain, rules: readonly Rule[]): boolean {
  if (chain.policy === "drop") return true;
  const last = rules.filter((rule) => isIn(rule, chain)).at(-1);
  const verdicts = (last?.expr ?? []).filter((part) => !("counter" in part) && !("log" in part));
  return verdicts.length === 1 && verdicts.some((part) => "drop" in part || "reject" in part);
}

/** Every rule that a packet may meet from a chain on, through jumps and gotos. */
function rulesBehind(chain: Chain, rules: readonly Rule[]): readonly Rule[] {
  const seen = new Set<string>();
  const waiting = [chain.name];
  const found: Rule[] = [];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    for (const rule of rules.filter((each) => isIn(each, { ...chain, name: name ?? "" }))) {
      found.push(rule);
      for (const [, target] of JSON.stringify(rule.expr).matchAll(/"target":\s*"([^"]+)"/g)) waiting.push(target ?? "");
    }
  }
  return found;
}

function isIn(rule: Rule, chain: Pick<Chain, "family" | "table" | "name">): boolean {
  return rule.family === chain.family && rule.table === chain.table && rule.chain === chain.name;
}
