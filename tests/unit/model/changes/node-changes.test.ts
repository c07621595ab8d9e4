// A host is updated or left alone, never replaced.

import { compareNode } from "../../../../provider/model/changes/node-changes";
import { unknownValue } from "../../../../provider/model/inputs/unknown-value";
import type { MeshNodeInputs } from "../../../../schema/generated/declared";

const inputs: MeshNodeInputs = {
  owner: "o/p/s",
  name: "b",
  connection: { host: "10.0.0.2", port: 22, user: "root" },
  mesh: { name: "prod", nodeRange: "10.91.0.0/16", vmRange: "10.92.0.0/16", mtu: 1420 },
  peers: [{ id: "a-aaaaaaaa", connection: { host: "10.0.0.1", port: 22, user: "root" } }],
  setup: true,
  storagePath: "/var/lib/leea",
};
const known = { inputs, agentVersion: "0.1.0+11111111", links: ["a-aaaaaaaa"], isOutside: false };

describe("compareNode", () => {
  it("finds nothing where nothing changed", () => {
    expect(compareNode(known, { ...inputs, owner: "o/p/renamed" }, known.agentVersion)).toEqual({
      verdict: "none",
      changes: [],
      warnings: [],
      problems: [],
    });
  });

  it("shows a newer agent as an update", () => {
    const result = compareNode(known, inputs, "0.2.0+22222222");
    expect(result.changes.map(({ reason }) => reason)).toEqual(["agentVersion: 0.1.0+11111111 => 0.2.0+22222222"]);
    expect(result.verdict).toBe("update");
  });

  it("links a peer that could not be reached when the host joined", () => {
    const result = compareNode({ ...known, links: [] }, inputs, known.agentVersion);
    expect(result.changes.map(({ reason }) => reason)).toEqual(["the link to a-aaaaaaaa is missing"]);
  });

  it("takes a host in again that is in no mesh, and names that alone", () => {
    const result = compareNode({ ...known, links: [], isOutside: true }, inputs, known.agentVersion);
    expect(result.changes.map(({ reason }) => reason)).toEqual(["it is in no mesh any more"]);
    expect(result.verdict).toBe("update");
  });

  it("refuses another mesh, as the first host fixed it", () => {
    const result = compareNode(
      known,
      { ...inputs, mesh: { ...inputs.mesh, vmRange: "10.93.0.0/16" } },
      known.agentVersion,
    );
    expect(result.problems.map(({ field }) => field)).toEqual(["mesh.vmRange"]);
  });

  it("only warns of another storage path", () => {
    const result = compareNode(known, { ...inputs, storagePath: "/srv" }, known.agentVersion);
    expect(result.verdict).toBe("none");
    expect(result.warnings).toHaveLength(1);
  });

  it("never replaces, whatever changes", () => {
    for (const field of Object.keys(inputs)) {
      const result = compareNode(known, { ...inputs, [field]: unknownValue } as MeshNodeInputs, known.agentVersion);
      expect(["none", "update"]).toContain(result.verdict);
    }
  });
});
