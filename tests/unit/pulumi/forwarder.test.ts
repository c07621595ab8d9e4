// The permanent stub: its text is stored in every stack's state, so it may never change.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runtime } from "@pulumi/pulumi";

const file = join(__dirname, "../../../sdk/pulumi/forwarder.js");
const makeForwarder = require(file) as (type: string) => Record<string, unknown>;

// Loading Pulumi's serializer takes seconds on a busy machine.
jest.setTimeout(60_000);

describe("the forwarder", () => {
  it("has the bytes that every state was written with; add a new file instead of changing it", () => {
    expect(createHash("sha256").update(readFileSync(file)).digest("hex")).toBe(
      "3cd74eab81567f35f3ed5b22a7f6b001a1fb906beadb191f83a7c4bb58b6f5c9",
    );
  });

  it("has the seven operations of a dynamic provider and nothing else", () => {
    expect(Object.keys(makeForwarder("VM"))).toEqual([
      "configure",
      "check",
      "diff",
      "create",
      "read",
      "update",
      "delete",
    ]);
  });

  it("is serialized small, with nothing captured but the type's name", async () => {
    const provider = makeForwarder("VM");
    const { text, containsSecrets } = await runtime.serializeFunction(() => provider, { allowSecrets: true });
    expect(text.length).toBeLessThan(4000);
    expect(containsSecrets).toBe(false);
    expect(text.match(/require\("[^"]+"\)/g)?.every((call) => call === 'require("@leea/pulumi/dynamic")')).toBe(true);
    expect(text).toContain('type: "VM"');
    // No path of the machine that ran the program: a state must work on any other one.
    expect(text).not.toContain(process.cwd());
    expect(text).not.toContain("node_modules");
  });

  it("is serialized to the same text each time", async () => {
    const [first, second] = [
      await runtime.serializeFunction(() => makeForwarder("VM")),
      await runtime.serializeFunction(() => makeForwarder("VM")),
    ];
    expect(first.text).toBe(second.text);
  });
});
