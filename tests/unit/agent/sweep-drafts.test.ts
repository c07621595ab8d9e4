// What an agent that died in the middle of a write leaves is taken away when the next one begins, and nothing else is.

import { sweepDrafts } from "../../../provider/agent/journal/sweep-drafts";
import { fakeHostAgent } from "../../fakes/fake-host-agent";

const vmId = "a".repeat(26);
const hash = "b".repeat(64);
const storage = "/srv/leea";
const kept = [
  "/var/lib/leea/mesh.json",
  `/var/lib/leea/records/${vmId}.json`,
  "/var/lib/leea/keys/identity.pem",
  `/var/lib/leea/vm/${vmId}/disks/root.raw.12.3.tmp`,
  `${storage}/images/${hash}`,
  `${storage}/vm/${vmId}/disks/root.raw.part`,
];
const left = [
  "/var/lib/leea/mesh.json.412.7.tmp",
  `/var/lib/leea/records/${vmId}.json.412.9.tmp`,
  "/var/lib/leea/keys/identity.pem.77.1.tmp",
  "/run/leea/net/table.json.412.8.tmp",
  `${storage}/images/${hash}.0f5d.part`,
];

test("half-written files of an agent that died are removed, and what is whole or a guest's own stays", async () => {
  const { ctx, system, log } = fakeHostAgent(storage);
  for (const path of [...kept, ...left]) system.put(path, "text");
  await sweepDrafts(ctx);
  expect([...system.files.keys()].filter((path) => kept.includes(path)).sort()).toEqual([...kept].sort());
  expect([...system.files.keys()].filter((path) => left.includes(path))).toEqual([]);
  expect(log.filter((line) => line === "warn draft-removed")).toHaveLength(left.length);
});

test("a host that never had an agent has nothing to remove", async () => {
  const { ctx, system } = fakeHostAgent();
  const before = [...system.files.keys()];
  await sweepDrafts(ctx);
  expect([...system.files.keys()]).toEqual(before);
});
