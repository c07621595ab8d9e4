// The cache of built tools: an entry is whole or absent, and a dead builder blocks nobody.

import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runSetupCode } from "./run-setup-code";

let cache: string;

beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), "leea-cache-"));
});

afterEach(() => rmSync(cache, { recursive: true }));

const run = (body: string) => runSetupCode("cache.mjs", body, {}, { LEEA_CACHE: cache });

const make = `
  const { writeFileSync } = await import("node:fs");
  let made = 0;
  const folder = await it.cachedFolder("tool-1", async (f) => { made++; writeFileSync(f + "/program", "x"); });
  return { folder, made };`;

describe("the cache", () => {
  test("makes an entry once", () => {
    expect(run(make)).toEqual({ folder: join(cache, "tools/tool-1"), made: 1 });
    expect(run(make)).toEqual({ folder: join(cache, "tools/tool-1"), made: 0 });
    expect(readdirSync(join(cache, "tools/tool-1"))).toEqual(["program"]);
  });

  test("keeps nothing of a build that failed", () => {
    const failing = `await it.cachedFolder("tool-1", async () => { throw new Error("no"); }).catch(() => {});`;
    run(failing);
    expect(readdirSync(join(cache, "tools"))).toEqual([]);
    expect(run(make)).toMatchObject({ made: 1 });
  });

  test("clears what a killed builder left, and takes over its lock", () => {
    mkdirSync(join(cache, "tools/.making-tool-1-999999"), { recursive: true });
    mkdirSync(join(cache, "locks"));
    writeFileSync(join(cache, "locks/tool-1.lock"), "999999 12345");
    expect(run(make)).toMatchObject({ made: 1 });
    expect(readdirSync(join(cache, "tools"))).toEqual(["tool-1"]);
    expect(existsSync(join(cache, "locks/tool-1.lock"))).toBe(false);
  });

  test("waits for a builder that is alive", () => {
    const body = `
      const order = [];
      await Promise.all(["first", "second"].map((name) => it.withLock("one", () => order.push("wait"), async () => {
        order.push(name + " in");
        await new Promise((done) => setImmediate(done));
        order.push(name + " out");
      })));
      return order.filter((entry) => entry !== "wait");`;
    expect(run(body)).toEqual(["first in", "first out", "second in", "second out"]);
  });
});
