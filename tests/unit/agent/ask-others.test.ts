// What a host hears when it asks for a VM: members that it is not linked to answer through those that are, everyone
// once, and who does not answer is named.

import { generateKeyPairSync } from "node:crypto";
import type { Agent } from "../../../provider/agent/agent";
import { readIdentity } from "../../../provider/agent/mesh/identity";
import { answerAsk, askOthers } from "../../../provider/agent/vm/restart/ask-others";
import type { NodeIdentity } from "../../../provider/protocol/node";
import type { AskVmRequest } from "../../../provider/protocol/peer";
import { fakeHostAgent, someRecord, someVmId } from "../../fakes/fake-host-agent";

const names = ["a", "b", "c", "d"] as const;
type Name = (typeof names)[number];
const pems = names.map(() =>
  generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
);
const agents = new Map<Name, Agent>();
const identities = new Map<Name, NodeIdentity>();
const asked: Name[] = [];
const down = new Set<Name>();

const agentOf = (name: Name): Agent => agents.get(name) as Agent;
const identityOf = (name: Name): NodeIdentity => identities.get(name) as NodeIdentity;
const idsOf = (...of: readonly Name[]): string[] => of.map((name) => identityOf(name).nodeId).sort();

/** A mesh with these links, each host's record in `records`. */
async function open(links: readonly string[], records: Partial<Record<Name, number>>): Promise<void> {
  asked.length = 0;
  down.clear();
  for (const [index, name] of names.entries()) {
    const host = fakeHostAgent();
    host.system.put("/var/lib/leea/keys/identity.pem", pems[index] ?? "");
    host.system.put("/var/lib/leea/keys/name-at-birth", name);
    identities.set(name, await readIdentity(host.ctx));
    agents.set(name, { ...(await host.restart()), askPeer: askFrom(name) as Agent["askPeer"] });
    const generation = records[name];
    if (generation !== undefined) await agentOf(name).records.save(someRecord({ generation }));
  }
  for (const name of names) {
    const peers = names.filter((other) => links.includes(name + other) || links.includes(other + name));
    const state = { version: 1, links: peers.map((peer) => ({ peer: { ...identityOf(peer), name: peer } })) };
    await agentOf(name).ctx.system.writeDurable("/var/lib/leea/mesh.json", JSON.stringify(state));
  }
}

function askFrom(caller: Name) {
  return async (peer: { readonly nodeId: string }, _verb: "askVm", call: { readonly body: AskVmRequest }) => {
    const name = names.find((each) => identityOf(each).nodeId === peer.nodeId) as Name;
    asked.push(name);
    if (down.has(name)) throw new Error("nobody answers");
    return answerAsk(agentOf(name), someVmId, { callerFingerprint: identityOf(caller).fingerprint, ask: call.body });
  };
}

const ask = (withinMs = 12_000) => askOthers(agentOf("a"), someVmId, { visited: idsOf("a"), withinMs });

test("every member of a chain answers, each asked once, with its own record or none", async () => {
  await open(["ab", "bc", "cd"], { a: 1, c: 2 });
  const { words, silent } = await ask();
  expect(silent).toEqual([]);
  expect(words.map(({ nodeId }) => nodeId).sort()).toEqual(idsOf("b", "c", "d"));
  expect(words.find(({ nodeId }) => nodeId === identityOf("c").nodeId)).toMatchObject({ role: "owner", generation: 2 });
  expect(words.filter(({ role }) => role === undefined)).toHaveLength(2);
  expect(asked).toEqual(["b", "c", "d"]);
});

test("in a full mesh nobody is asked twice", async () => {
  await open(["ab", "ac", "ad", "bc", "bd", "cd"], { a: 1 });
  expect((await ask()).words).toHaveLength(3);
  expect([...asked].sort()).toEqual(["b", "c", "d"]);
});

test("a member that does not answer is named, also behind another one", async () => {
  await open(["ab", "bc", "cd"], { a: 1 });
  down.add("d");
  const { words, silent } = await ask();
  expect(words.map(({ nodeId }) => nodeId).sort()).toEqual(idsOf("b", "c"));
  expect(silent).toEqual(idsOf("d"));
});

test("whoever answers by another way is not called silent", async () => {
  await open(["ab", "ac", "bd", "cd"], { a: 1 });
  down.add("b");
  const { silent } = await ask();
  expect(silent).toEqual(idsOf("b"));
});

test("without time left nobody is asked, and everybody is named", async () => {
  await open(["ab", "ac"], { a: 1 });
  expect(await ask(100)).toEqual({ words: [], silent: expect.arrayContaining(idsOf("b", "c")) });
  expect(asked).toEqual([]);
});

test("a caller that is not linked is told nothing", async () => {
  await open(["ab"], { b: 1 });
  const callerFingerprint = identityOf("d").fingerprint;
  const answer = answerAsk(agentOf("b"), someVmId, { callerFingerprint, ask: { visited: [], withinMs: 12_000 } });
  await expect(answer).rejects.toMatchObject({ code: "PEER_REFUSED" });
});
