// This very machine. Without a variable it is only looked at: inventory and pre-flight over a system that refuses every act. With
// LEEA_GPU_ADDRESS one of its devices is claimed, bound, released and compared; name one that is yours to take, and run as root.
//
//   LEEA_GPU_ADDRESS=0000:41:00.0 [LEEA_GPU_MODE=sriov] [LEEA_GPU_PROFILE=L40S-1Q] npm run test:gpu real-hardware

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkPartition, listGpus } from "../../provider/agent/gpu/answer-gpus";
import { readGpuFacts } from "../../provider/agent/gpu/inventory/read-gpu-facts";
import { linuxSystem } from "../../provider/agent/system/linux-system";
import { reportGpus } from "../../provider/cli/gpus/gpus-report";
import { formatGpus } from "../../provider/cli/gpus/gpus-text";
import { choosePaint } from "../../provider/cli/text/paint";
import type { GpuMode, PartitionSpec } from "../../provider/model/gpu/partition-record";
import { answering } from "../unit/cli/some-survey";
import { openLocalGpus } from "./real/local-gpu-host";
import { playPartition } from "./real/partition-sequence";
import { readOnlySystem } from "./real/read-only-system";
import { gpusOfMachine, snapshotMachine } from "./real/snapshot-machine";

const { LEEA_GPU_ADDRESS: address, LEEA_GPU_MODE: mode, LEEA_GPU_PROFILE: profile } = process.env;
let folder: string;

jest.retryTimes(0); // nobody's real device is tried a second time

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "leea-real-gpu-"));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("this machine, only looked at", () => {
  const look = (ran: string[] = []) =>
    openLocalGpus(
      readOnlySystem(linuxSystem, (words) => void ran.push(words)),
      folder,
    );

  test("tells every GPU that its class codes name, and is as it was", async () => {
    const before = snapshotMachine();
    const ran: string[] = [];
    const inventory = await listGpus(await look(ran));
    const told = inventory.gpus.map(({ address: each }) => each);
    expect(told).toEqual(expect.arrayContaining([...gpusOfMachine()]));
    expect(snapshotMachine()).toEqual(before);
    const report = reportGpus([{ survey: answering("this machine"), inventory }]);
    const lines = formatGpus(report, choosePaint({ isTerminal: false, env: {} }));
    process.stdout.write(
      `${lines.join("\n")}\nprograms that were run: ${ran.length === 0 ? "none" : ran.join("; ")}\n`,
    );
  });

  test("tells the same GPUs as facts of the host", async () => {
    const { ctx } = await look();
    const facts = await readGpuFacts(ctx, []);
    expect(facts?.map((each) => each.address)).toEqual(expect.arrayContaining([...gpusOfMachine()]));
  });

  test("says of each GPU how it would be handed out, or every reason against it, and of one that is not there that it is not", async () => {
    const before = snapshotMachine();
    const host = await look();
    const check = (spec: Partial<PartitionSpec>) =>
      checkPartition(host, "b".repeat(26), { name: "b", mode: "auto", ...spec });
    for (const each of gpusOfMachine()) {
      const { choice, reasons } = await check({ address: each });
      expect((choice === undefined) !== (reasons.length === 0)).toBe(true);
      const words = choice === undefined ? reasons.join("\n  ") : `${choice.mode} of ${choice.part}: ${choice.because}`;
      process.stdout.write(`${each}: ${words}\n`);
    }
    expect((await check({ address: "ffff:ff:1f.7" })).troubles).toEqual(["device-absent"]);
    expect(snapshotMachine()).toEqual(before);
  });
});

const withDevice = address === undefined ? test.skip : test;
const why = address === undefined ? " (LEEA_GPU_ADDRESS names none)" : "";

describe("a device of this machine", () => {
  withDevice(`is claimed, bound, told, released, and the machine is as it was${why}`, async () => {
    const before = snapshotMachine();
    const spec: PartitionSpec = {
      name: "real",
      mode: (mode ?? "auto") as GpuMode | "auto",
      ...(address === undefined ? {} : { address }),
      ...(profile === undefined ? {} : { profile }),
    };
    const played = await playPartition(() => openLocalGpus(linuxSystem, folder), spec);
    expect(played.made).toMatchObject({ state: "ready", device: expect.any(String) });
    expect(played.again).toEqual(played.made);
    expect([played.toldWhileThere, played.toldAfterwards]).toEqual([true, false]);
    expect(snapshotMachine()).toEqual(before);
  });
});
