// Foreign packet filters: which of them would stop the mesh. The rulesets are as `nft -j list ruleset` tells them.

import { findFilterConflicts } from "../../../provider/model/mesh/filter-conflicts";

const ports = { first: 51820, last: 51883 };
const chain = (table: string, name: string, more: object = {}) => ({ chain: { family: "ip", table, name, ...more } });
const rule = (table: string, name: string, ...expr: object[]) => ({ rule: { family: "ip", table, chain: name, expr } });
const match = (key: string, right: unknown) => ({ match: { op: "==", left: { meta: { key } }, right } });
const accept = { accept: null };
const find = (...nftables: object[]) => findFilterConflicts(JSON.stringify({ nftables }), ports);

const forward = chain("filter", "FORWARD", { hook: "forward", policy: "drop" });
const input = chain("filter", "INPUT", { hook: "input", policy: "drop" });

test("a forward policy of drop, as Docker sets it, is named with the rules that mend it", () => {
  const [conflict, ...others] = find(forward, rule("filter", "FORWARD", match("iifname", "docker0"), accept));
  expect(others).toEqual([]);
  expect(conflict?.what).toContain('"ip filter FORWARD" drops forwarded packets');
  expect(conflict?.mend).toContain("nft insert rule ip filter FORWARD iifname '\"leea*\"' accept");
});

test("a chain that lets us through is no conflict, also where the rule stands behind a jump", () => {
  const jump = rule("filter", "FORWARD", { jump: { target: "DOCKER-USER" } });
  const user = [chain("filter", "DOCKER-USER"), rule("filter", "DOCKER-USER", match("iifname", "leea*"), accept)];
  expect(find(forward, jump, ...user)).toEqual([]);
  expect(find(forward, ...user)).toHaveLength(1);
});

test("an input policy of drop must know the links' ports and our interfaces", () => {
  const udp = {
    match: { op: "==", left: { payload: { protocol: "udp", field: "dport" } }, right: { range: [51820, 51883] } },
  };
  const ours = rule("filter", "INPUT", match("iifname", "leea*"), accept);
  expect(find(input, rule("filter", "INPUT", udp, accept))).toHaveLength(1);
  expect(find(input, ours)).toHaveLength(1);
  expect(find(input, ours, rule("filter", "INPUT", udp, accept))).toEqual([]);
});

test("a last rule that rejects without a condition counts as a policy of drop, as firewalld writes it", () => {
  const open = chain("firewalld", "filter_FORWARD", { hook: "forward", policy: "accept" });
  expect(find(open, rule("firewalld", "filter_FORWARD", { counter: {} }, { reject: { type: "icmpx" } }))).toHaveLength(
    1,
  );
  expect(find(open, rule("firewalld", "filter_FORWARD", match("iifname", "x"), { drop: null }))).toEqual([]);
});

test("our own table, open chains, other hooks and text that is no ruleset are no conflict", () => {
  expect(find(chain("leea", "input", { hook: "input", policy: "drop" }))).toEqual([]);
  expect(find(chain("filter", "INPUT", { hook: "input", policy: "accept" }))).toEqual([]);
  expect(find(chain("filter", "OUTPUT", { hook: "output", policy: "drop" }))).toEqual([]);
  expect(findFilterConflicts("", ports)).toEqual([]);
});

test("jumps in a circle end the look", () => {
  const circle = [chain("filter", "X"), rule("filter", "X", { jump: { target: "FORWARD" } })];
  expect(find(forward, rule("filter", "FORWARD", { jump: { target: "X" } }), ...circle)).toHaveLength(1);
});
