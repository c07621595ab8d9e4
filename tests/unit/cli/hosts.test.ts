// How the command line finds hosts and VMs: from what is typed, and from what Pulumi exports.

import { mergeVms } from "../../../provider/cli/hosts/merge-vms";
import { pickNode, pickVm, refuseSilence } from "../../../provider/cli/hosts/pick";
import { readStackExport } from "../../../provider/cli/hosts/stack-export";
import { parseHost, splitHosts } from "../../../provider/model/inputs/parse-host";
import { answering, idOf, silent, someMove, someReport } from "./some-survey";

describe("a host that is typed", () => {
  test.each([
    ["10.0.0.11", { host: "10.0.0.11", port: 22, user: "root" }],
    ["ops@node-a.example:2222", { host: "node-a.example", port: 2222, user: "ops" }],
    ["[fd00::1]:22", { host: "fd00::1", port: 22, user: "root" }],
    ["root@[fd00::1]", { host: "fd00::1", port: 22, user: "root" }],
  ])("%s is read", (text, connection) => expect(parseHost(text, {})).toEqual(connection));

  test.each(["", "a b", "-oProxyCommand=x", "a:0", "a:99999", "a:b", "$(id)", "ops@", "a@b@c", "fd00::1"])(
    "%j is refused with an example",
    (text) =>
      expect(() => parseHost(text, {})).toThrow(
        expect.objectContaining({ code: "INPUT_INVALID", hint: expect.stringContaining("ops@10.0.0.11:2222") }),
      ),
  );

  test("several stand in one variable", () => expect(splitHosts(" a, b\nc ")).toEqual(["a", "b", "c"]));
});

describe("a stack's export", () => {
  const connection = { host: "10.0.0.11", port: 22, user: "root", hostKey: "ssh-ed25519 AAAA" };
  const exported = (resources: readonly unknown[]) =>
    readStackExport(JSON.stringify({ version: 3, deployment: { resources } }));

  test("holds hosts with their ids, and VMs with their boot files, whichever provider made them", () => {
    const { hosts, vms } = exported([
      { type: "pulumi:pulumi:Stack", urn: "u" },
      { type: "pulumi-nodejs:dynamic/leea:MeshNode", id: idOf("a"), outputs: { name: "a", connection } },
      { type: "leea:index:MeshNode", id: idOf("b"), outputs: { name: "b", connection: { host: "b" } } },
      {
        type: "pulumi-nodejs:dynamic/leea:VM",
        id: "v".repeat(26),
        outputs: { name: "web", node: idOf("a"), boot: { kernel: "./k", initrd: "i", cmdline: "" } },
      },
      { type: "other:MeshNode", id: "x", outputs: { connection } },
    ]);
    expect(hosts).toEqual([
      { connection, expectNodeId: idOf("a"), name: "a" },
      { connection: { host: "b", port: 22, user: "root" }, expectNodeId: idOf("b"), name: "b" },
    ]);
    expect(vms).toEqual([{ vmId: "v".repeat(26), name: "web", node: idOf("a"), bootFiles: ["./k", "i"] }]);
  });

  test("leaves out what is encrypted or was never made, and names what is no export", () => {
    const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "v1:x" };
    expect(
      exported([{ type: "leea:MeshNode", id: "x", outputs: { connection: secret } }, { type: "leea:VM" }]),
    ).toEqual({ hosts: [], vms: [] });
    expect(exported([]).hosts).toEqual([]);
    expect(() => readStackExport("error: no stack")).toThrow(expect.objectContaining({ code: "INPUT_INVALID" }));
  });
});

describe("a VM that several hosts report", () => {
  test("is one, where its source acts on it, until the destination owns it", () => {
    const operation = someMove();
    const atSource = someReport({ state: "moving", operationId: operation.operationId });
    const incoming = someReport({ state: "moving", nodeId: idOf("b") });
    const [during, ...none] = mergeVms([
      answering("b", { vms: [incoming] }),
      answering("a", { vms: [atSource], operations: [operation] }),
    ]);
    expect(none).toEqual([]);
    expect(during).toMatchObject({
      report: { nodeId: idOf("a") },
      operation: { operation, host: { node: { name: "a" } } },
    });
    const owned = someReport({ nodeId: idOf("b"), generation: 2 });
    const [after] = mergeVms([
      answering("a", { vms: [atSource], operations: [operation] }),
      answering("b", { vms: [owned] }),
    ]);
    expect(after).toMatchObject({ report: { nodeId: idOf("b") }, operation: { host: { node: { name: "a" } } } });
  });
});

describe("a word for a VM", () => {
  const surveys = [
    answering("a", { vms: [someReport()] }),
    answering("b", { vms: [someReport({ vmId: "b".repeat(26), owner: "o/p/other", nodeId: idOf("b") })] }),
    silent("c"),
  ];
  const pick = (word: string) => pickVm(word, mergeVms(surveys), surveys);

  test("that fits several lists them with owners; a vmId is one", () => {
    expect(() => pick("web")).toThrow(
      /is the name of 2 VMs:\n {2}a{26} {2}of o\/p\/s, on a\n {2}b{26} {2}of o\/p\/other, on b/,
    );
    expect(pick("b".repeat(26)).report.nodeId).toBe(idOf("b"));
  });

  test("that fits none tells the nearest, and who did not answer", () => {
    expect(() => pick("wbe")).toThrow(
      /no host that answers has a VM "wbe"; did you mean "web"\?; these did not answer: 10\.0\.0\.99 \(connect ETIMEDOUT\)/i,
    );
  });

  test("is not judged where nobody answers: that is said instead", () => {
    expect(() => refuseSilence([silent("c")])).toThrow(expect.objectContaining({ code: "HOST_UNREACHABLE" }));
  });
});

test("a host is named by its name, its node id or its address; a silent one is told with the reason", () => {
  const surveys = [answering("a"), silent("c")];
  for (const word of ["a", idOf("a"), "10.0.0.97"]) expect(pickNode(word, surveys)).toBe(surveys[0]);
  expect(() => pickNode("c", surveys)).toThrow("c does not answer: connect ETIMEDOUT");
  expect(() => pickNode("aa", surveys)).toThrow('There is no host "aa"; did you mean "a"?');
  expect(() => pickNode("a", [answering("a"), { ...answering("a"), label: "other" }])).toThrow(
    "is the name of 2 hosts",
  );
});
