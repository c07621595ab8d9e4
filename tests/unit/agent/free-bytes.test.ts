// How much room there is for disks is read, and nothing is made for that.

import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AgentContext } from "../../../provider/agent/agent-context";
import { readFreeBytes } from "../../../provider/agent/node/report-node";
import { linuxSystem } from "../../../provider/agent/system/linux-system";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "leea-free-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const readAt = (storage: string): Promise<number> =>
  readFreeBytes({ system: linuxSystem, paths: { storage } } as unknown as AgentContext);

test("a storage folder that is not there has the room of the nearest folder above it, and is not made", async () => {
  expect(await readAt(join(folder, "srv", "leea"))).toBeGreaterThan(0);
  expect(existsSync(join(folder, "srv"))).toBe(false);
});

test("a storage folder in the root folder that is not there has the root folder's room", async () => {
  const storage = `/${folder.split("/").at(-1)}`;
  expect(await readAt(storage)).toBeGreaterThan(0);
  expect(existsSync(storage)).toBe(false);
});
