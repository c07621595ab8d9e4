// The test guest itself, on real QEMU: what the moves are judged with must be right before it judges anything.
import { open } from "node:fs/promises";
import { askGuest, fetchLedger } from "../../../provider/cli/story/guest-link";
import { startWatch } from "../../../provider/cli/story/guest-watch";
import type { LedgerEntry } from "../../../provider/cli/story/ledger";
import { checkImage } from "../../../provider/cli/story/ledger";
import type { GuestRig } from "./guest-rig";
import { startGuestRig, waitFor } from "./guest-rig";

jest.setTimeout(120_000);

describe("the test guest", () => {
  let rig: GuestRig;
  beforeAll(async () => {
    rig = await startGuestRig("leea.write=200 leea.dirty=20 leea.ws=32");
  });
  afterAll(() => rig?.remove());

  test("boots and says so with the address that DHCP gave it", async () => {
    await waitFor("the guest's ready line", 60_000, () => rig.console().includes("LEEA-GUEST-READY"));
    const status = await askGuest(rig.runIn, rig.address, "status");
    expect(rig.console()).toContain(`LEEA-GUEST-READY boot=${status.bootId} ip=${rig.address}\r\n`);
    expect(status.address).toBe(rig.address);
    expect(status.disks).toMatchObject([{ name: "vda", bytes: 128 << 20, errors: 0 }]);
  });

  test("routes by option 121: the gateway on the link, all else through it", async () => {
    const { text } = await askGuest(rig.runIn, rig.address, "routes");
    expect(text.split("\n").map((line) => line.trim())).toEqual([
      `default via ${rig.gateway} dev eth0 onlink`,
      `${rig.gateway} dev eth0 scope link`,
      "",
    ]);
  });

  test("writes its disk and dirties its memory, and finds nothing bad in either", async () => {
    await waitFor("500 acknowledged writes", 60_000, async () => {
      const { disks, dirty } = await askGuest(rig.runIn, rig.address, "status");
      return (disks[0]?.acked ?? 0) >= 500 && dirty.pages > 5000;
    });
    const found = await askGuest(rig.runIn, rig.address, "verify");
    expect(found.disks[0]?.checked).toBeGreaterThan(300);
    expect(found.disks[0]?.bad).toBe(0);
    expect(found.memory).toEqual({ checked: 32 * 256, bad: 0 });
  });

  test("tells what the network lets it do", async () => {
    const ask = rig.runIn;
    await expect(askGuest(ask, rig.address, `ping ${rig.gateway}`)).resolves.toEqual({ sent: 3, received: 3 });
    await expect(askGuest(ask, rig.address, "ping 10.99.0.77")).resolves.toMatchObject({ received: 0 });
    await expect(askGuest(ask, rig.address, "resolve known.test")).resolves.toEqual({ addresses: ["10.99.0.3"] });
    await expect(askGuest(ask, rig.address, "resolve unknown.test")).resolves.toMatchObject({ addresses: [] });
    await expect(askGuest(ask, rig.address, `connect ${rig.gateway} 81`)).resolves.toEqual({
      connected: false,
      error: "ECONNREFUSED",
    });
    const greeting = await askGuest(ask, rig.address, `connect ${rig.address} 80`);
    expect(greeting).toMatchObject({ connected: true, data: expect.stringMatching(/^leea guest [0-9a-f-]{36}\n$/) });
  });

  test("that is stopped for a while shows as a silence, and its connections outlive it", async () => {
    const watch = await startWatch(rig.runIn, rig.address);
    await rig.qmp("stop");
    const stoppedAtMs = Date.now();
    await waitFor("700 ms of silence", 5000, () => Date.now() - stoppedAtMs >= 700);
    await rig.qmp("cont");
    await askGuest(rig.runIn, rig.address, "status");
    const report = await watch.stop();
    expect(report.connectionAlive).toBe(true);
    expect(report.connections.guestOnly.lostCounters).toBe(0);
    expect(report.pings.longestGapMs).toBeGreaterThan(600);
    expect(report.connections.guestOnly.longestGapMs).toBeGreaterThan(600);
  });

  describe("turned off by its power button", () => {
    let ledger: readonly LedgerEntry[];

    test("goes down by itself with its writes made durable", async () => {
      await askGuest(rig.runIn, rig.address, "stop-writing");
      ledger = await fetchLedger(rig.runIn, rig.address);
      await rig.qmp("system_powerdown");
      await expect(rig.exited).resolves.toBe(0);
      expect(rig.console()).toContain("LEEA-GUEST-OFF clean=1");
    });

    test("leaves an image that holds every block of its ledger", async () => {
      const check = await checkImage(rig.diskPath, ledger, 0);
      expect(check.checked).toBeGreaterThan(300);
      expect(check.bad).toBe(0);
    });

    test("leaves an image in which one damaged block is found", async () => {
      const victim = ledger[ledger.length >> 1];
      if (victim === undefined) throw new Error("the ledger is empty");
      const image = await open(rig.diskPath, "r+");
      await image.write(Buffer.from("x"), 0, 1, victim.lba * 4096 + 2000);
      await image.close();
      const check = await checkImage(rig.diskPath, ledger, 0);
      expect(check).toMatchObject({ bad: 1, badBlocks: [{ lba: victim.lba, acknowledged: victim.sequence }] });
    });
  });
});
