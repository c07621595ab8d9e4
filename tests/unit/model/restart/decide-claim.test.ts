// Who may start a VM after a boot: exhaustive over what two other hosts can say, and the stories behind the rule.

import type { Role } from "../../../../provider/model/ownership";
import { type ClaimState, decideClaim, type HostWord } from "../../../../provider/model/restart/decide-claim";

const roles: readonly (Role | undefined)[] = [
  ...(["owner", "incoming", "released", "former", "abandoned", "deleted"] as const),
  undefined,
];
const own = 3;
const says = (nodeId: string, role?: Role, generation?: number): HostWord => ({
  nodeId,
  ...(role === undefined ? {} : { role }),
  ...(generation === undefined ? {} : { generation }),
});
const decide = (words: readonly HostWord[], silent: readonly string[] = [], generation = own) =>
  decideClaim({ generation, words, silent });

/** Everything that hosts b and c can say, with one silent member or none. */
function everything(): readonly ClaimState[] {
  const wordsOf = (nodeId: string) =>
    roles.flatMap((role) =>
      role === undefined ? [says(nodeId)] : [own - 1, own, own + 1, own + 2].map((at) => says(nodeId, role, at)),
    );
  return wordsOf("b").flatMap((b) =>
    wordsOf("c").flatMap((c) => [[], ["d"]].map((silent) => ({ generation: own, words: [b, c], silent }))),
  );
}

const isLive = ({ role }: HostWord) => role === "owner" || role === "incoming" || role === "released";

test("it never starts while somebody is silent, or has or may get the VM at this generation or a newer one", () => {
  const cases = everything();
  expect(cases).toHaveLength(2 * 25 * 25);
  for (const state of cases) {
    if (decideClaim(state).act !== "start") continue;
    expect(state.silent).toEqual([]);
    expect(state.words.filter((word) => isLive(word) && (word.generation ?? 0) >= own)).toEqual([]);
  }
});

test("it gives way only to an owner of a newer generation, to the newest, whoever is silent", () => {
  for (const state of everything()) {
    const decision = decideClaim(state);
    const newer = state.words.filter(({ role, generation = 0 }) => role === "owner" && generation > own);
    expect(decision.act === "give-way").toBe(newer.length > 0);
    const newest = newer.length === 0 ? undefined : Math.max(...newer.map(({ generation = 0 }) => generation));
    expect(decision.act === "give-way" ? decision.generation : undefined).toBe(newest);
  }
});

test("it always starts where everyone answered and only history was heard", () => {
  const isHistory = ({ role, generation = 0 }: HostWord) => role === undefined || generation < own;
  const cases = everything().filter(({ words, silent }) => silent.length === 0 && words.every(isHistory));
  expect(cases).toHaveLength(49);
  for (const state of cases) expect(decideClaim(state).act).toBe("start");
});

test("whoever waits says for whom and why", () => {
  for (const state of everything()) {
    const decision = decideClaim(state);
    if (decision.act !== "wait") continue;
    expect(decision.waitFor.length).toBeGreaterThan(0);
    for (const nodeId of decision.waitFor) expect(decision.because).toContain(nodeId);
  }
});

test("a host that is alone in its mesh starts at once", () => {
  expect(decide([], [], 1)).toMatchObject({ act: "start" });
});

test("yesterday's disk: the VM has gone to b since, so the old copy gives way", () => {
  expect(decide([says("b", "owner", 2), says("c")], [], 1)).toMatchObject({ act: "give-way", to: "b", generation: 2 });
});

test("yesterday's disk, and b does not answer: it waits for b", () => {
  expect(decide([says("c")], ["b"], 1)).toEqual({
    act: "wait",
    waitFor: ["b"],
    because: "waits for host b to say whether the VM is there",
  });
});

test("the VM came from a: a's record of its leaving does not hold it back", () => {
  expect(decide([says("a", "former", 2)], [], 2)).toMatchObject({ act: "start" });
  expect(decide([says("a", "released", 1)], [], 2)).toMatchObject({ act: "start" });
});

test("two hosts that both say owner of one generation wait for a person", () => {
  expect(decide([says("b", "owner", 1)], [], 1)).toMatchObject({ act: "wait", waitFor: ["b"] });
});

test("a VM that went on to b and was deleted there is not raised from the dead", () => {
  expect(decide([says("b", "deleted", 2)], [], 1)).toMatchObject({ act: "wait", waitFor: ["b"] });
});

test("an earlier VM of the same id that moved from a to b and was deleted there holds back no later one", () => {
  expect(decide([says("a", "former", 2), says("b", "deleted", 2)], [], 1)).toMatchObject({ act: "start" });
});
