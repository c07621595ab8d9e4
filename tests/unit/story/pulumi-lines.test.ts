// What the story takes from Pulumi's output. The lines are as CLI 3.259.0 printed them.

import { readDiagnostics, readPulumiLine } from "../../../provider/cli/story/pulumi/pulumi-lines";

describe("a line of Pulumi's", () => {
  test.each([
    [
      " +  pulumi-nodejs:dynamic/leea:MeshNode a creating (0s) ",
      { kind: "begun", resource: "MeshNode a", act: "creating", took: "0 s" },
    ],
    [
      " +  pulumi-nodejs:dynamic/leea:MeshNode b created (7s) ",
      { kind: "done", resource: "MeshNode b", act: "created", took: "7 s" },
    ],
    [
      " ~  pulumi-nodejs:dynamic/leea:VM web updated (17s) [diff: ~node,nodeConnection]",
      { kind: "done", resource: "VM web", act: "updated", took: "17 s" },
    ],
    [
      " ~  pulumi-nodejs:dynamic/leea:VM web update [diff: ~node]",
      { kind: "planned", resource: "VM web", act: "update", took: "" },
    ],
    [
      " -  pulumi-nodejs:dynamic/leea:VM web deleted (0.63s) ",
      { kind: "done", resource: "VM web", act: "deleted", took: "0.63 s" },
    ],
    [
      " +  pulumi-nodejs:dynamic/leea:MeshNode c **creating failed** error: no route",
      { kind: "done", resource: "MeshNode c", act: "failed", took: "" },
    ],
    [
      "    pulumi:pulumi:Stack leea-lab running web: moves live from a to b",
      { kind: "message", text: "web: moves live from a to b" },
    ],
    [
      " +  pulumi:pulumi:Stack leea-lab creating (9s) a: installing agent de77 on 198.18.3.11",
      { kind: "message", text: "a: installing agent de77 on 198.18.3.11" },
    ],
  ])("%j is told", (line, told) => {
    expect(readPulumiLine(line)).toEqual(told);
  });

  test.each([
    "Updating (lab):",
    "",
    "@ updating.....",
    " +  pulumi:pulumi:Stack leea-lab creating (0s) ",
    "    pulumi:pulumi:Stack leea-lab  17 messages",
    " +  pulumi:pulumi:Stack leea-lab created (23s) 1 warning; 12 messages",
    " +  pulumi:pulumi:Stack leea-lab **creating failed** 1 error; 1 warning; 10 messages",
    "Resources:",
    "    + 5 created",
    '    address    : "10.92.60.20"',
  ])("%j is noise", (line) => {
    expect(readPulumiLine(line)).toBeUndefined();
  });
});

describe("the diagnostics", () => {
  test("are everything between their heading and the next one", () => {
    const output =
      "Updating (lab):\n\nDiagnostics:\n  leea:VM (web):\n    error: no room\n\n    next: free some\n\nOutputs:\n    x: 1\n";
    expect(readDiagnostics(output)).toBe("  leea:VM (web):\n    error: no room\n\n    next: free some");
  });

  test("are empty where Pulumi had none", () => {
    expect(readDiagnostics("Updating (lab):\n\nResources:\n    5 unchanged\n")).toBe("");
  });
});
