// The link to a destination dies at the very instant at which the memory stream connects. QEMU itself tries on for a quarter
// of an hour, refuses every other stream in that time, and stands still as a whole in a TLS handshake without an answer.

import { runInside } from "../../e2e/enter-lab";
import { createVm, type TrackedVm } from "../../e2e/world/tracked-vm";
import { closeWorld, joinInARow, nodeOf, openWorld, type World } from "../../e2e/world/world";
import { imagePath } from "../runner/judge-run";
import { CopiesWatch } from "../watch/copies-watch";
import { LedgerWatch } from "../world/ledger-watch";

jest.setTimeout(180_000);

const fields = {
  memory: "96MiB",
  disks: [{ name: "root", size: "16MiB" }],
  migration: { maxBandwidth: "400Mbps", stallTimeout: "5s" },
};

/** What a host that is reached no more lets through of the stream's port. No packet is refused: silence alone is kept. */
const deaths: Readonly<Record<string, string>> = {
  "before a connection stands": "tcp dport 51730 tcp flags & (syn | ack) == syn drop",
  "before the TLS handshake is answered": "tcp dport 51730 meta length > 60 drop",
  "after the first of its connections": "tcp dport 51730 tcp flags & (syn | ack) == syn numgen inc mod 1000 > 0 drop",
};

let world: World;
let vm: TrackedVm;
let copies: CopiesWatch;
let ledger: LedgerWatch;
let bootId: string;

beforeAll(async () => {
  world = await openWorld("dead-stream", ["a", "b", "c"]);
  await joinInARow(world, ["b", "a", "c"]);
  vm = await createVm(world, "web", "a", { guest: "leea.write=60 leea.dirty=2 leea.ws=8", fields });
  copies = new CopiesWatch(vm.id, () => world.lab);
  bootId = await vm.booted("c");
  ledger = new LedgerWatch(world, "c", vm.outputs.address);
  await ledger.waitForMore(30);
});

afterAll(async () => {
  copies?.stop();
  await ledger?.stop();
  await closeWorld(world);
});

test.each(Object.entries(deaths))(
  "a link that dies %s costs one move, and the next one to a third host goes at once",
  async (_when, rule) => {
    copies.begin();
    await runInside(
      world.lab,
      "b",
      `nft 'table inet leeatest { chain in { type filter hook input priority -350; ${rule}; }; }'`,
    );
    const failure: unknown = await vm.update("b").catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "MOVE_FAILED", message: expect.stringContaining("it runs on its source") });
    await ledger.waitForMore(10);
    await vm.update("c"); // b is as dead as before
    expect(vm.outputs.currentNode).toBe(nodeOf(world, "c").id);
    expect(await vm.booted("a")).toBe(bootId);
    expect(await ledger.compare(imagePath(world.lab, "c", vm.id))).toMatchObject({ bad: 0 });
    await runInside(world.lab, "b", "nft delete table inet leeatest");
    await vm.update("a");
    expect(await ledger.compare(imagePath(world.lab, "a", vm.id))).toMatchObject({ bad: 0 });
    expect(copies.findDoubleRuns()).toEqual([]);
    expect(copies.flaws).toEqual([]);
  },
);
