// The CDK examples: what they write for Terraform, and what a changed placement changes in it.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { labFileText, synthesisDeadlineMs, synthesize } from "./synthesize";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "leea-synth-"));
  writeFileSync(join(folder, "lab.json"), labFileText({ a: "198.18.0.2", b: "198.18.0.3", c: "198.18.0.4" }));
});

afterEach(() => rmSync(folder, { recursive: true }));

interface Synthesized {
  readonly resource: {
    readonly leea_mesh_node: Readonly<Record<string, object>>;
    readonly leea_vm: { readonly web: { readonly node: object } };
  };
}

function writtenBy(kit: string, placement: string): Synthesized {
  const stack = synthesize(kit, { folder, labFile: join(folder, "lab.json"), placement });
  return JSON.parse(readFileSync(join(stack, "cdk.tf.json"), "utf8")) as Synthesized;
}

describe.each(["cdktf", "cdktn"])("examples/%s", (kit) => {
  test(
    "another placement changes the VM's node and nothing else",
    () => {
      const before = writtenBy(kit, "a");
      const after = writtenBy(kit, "b");
      expect(Object.keys(before.resource.leea_mesh_node)).toEqual(["a", "b", "c"]);
      const nodeOf = (host: string) => ({ id: `\${leea_mesh_node.${host}.id}`, ssh: `\${leea_mesh_node.${host}.ssh}` });
      expect(before.resource.leea_vm.web.node).toEqual(nodeOf("a"));
      expect(after.resource.leea_vm.web.node).toEqual(nodeOf("b"));
      const moved = structuredClone(before);
      Object.assign(moved.resource.leea_vm.web, { node: nodeOf("b") });
      expect(after).toEqual(moved);
    },
    synthesisDeadlineMs,
  );
});
