// The five shapes of mesh in which a VM moves from a to b while c watches.

/** Links by the hosts' names. A link is made by the later host. */
export interface Topology {
  readonly name: string;
  readonly hosts: readonly string[];
  readonly peers: Readonly<Record<string, readonly string[]>>;
}

const ring = { hosts: ["a", "b", "c", "d", "e"] } as const;

/** All of them. */
export const topologies: readonly Topology[] = [
  { name: "triangle", hosts: ["a", "b", "c"], peers: { b: ["a"], c: ["a", "b"] } },
  { name: "line c-a-b", hosts: ["a", "b", "c"], peers: { b: ["a"], c: ["a"] } },
  { name: "line c-b-a", hosts: ["a", "b", "c"], peers: { b: ["a"], c: ["b"] } },
  // a-b-d-c-e-a: c is two hops from both.
  { name: "ring, a and b neighbours", ...ring, peers: { b: ["a"], d: ["b"], c: ["d"], e: ["c", "a"] } },
  // a-c-b-d-e-a: c is between a and b.
  { name: "ring, a and b not neighbours", ...ring, peers: { c: ["a"], b: ["c"], d: ["b"], e: ["d", "a"] } },
];
