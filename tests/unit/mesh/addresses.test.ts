// Ids and addresses come from the identity key alone and are usable by every stack they meet.

import { createHash } from "node:crypto";
import fc from "fast-check";
import { drawMeshAddress } from "../../../provider/agent/mesh/admission/draw-mesh-address";
import { encodeBase32 } from "../../../provider/model/base32";
import {
  formatIpv4,
  type Ipv4Range,
  parseIpv4,
  parseIpv4Range,
  rangeHolds,
  rangesOverlap,
} from "../../../provider/model/ipv4-range";
import { drawRange6, isRange6, linkLocalAddress6, meshAddress6 } from "../../../provider/model/mesh/mesh-address6";
import { checkMeshChoice } from "../../../provider/model/mesh/mesh-ranges";
import { composeNodeId } from "../../../provider/model/mesh/node-id";

function rangeOf(text: string): Ipv4Range {
  const range = parseIpv4Range(text);
  if ("problem" in range) throw new Error(range.problem);
  return range;
}

test("base32 is RFC 4648 in lower case without padding", () => {
  const words = ["", "f", "fo", "foo", "foob", "fooba", "foobar"];
  expect(words.map((word) => encodeBase32(Buffer.from(word)))).toEqual([
    "",
    "my",
    "mzxq",
    "mzxw6",
    "mzxw6yq",
    "mzxw6ytb",
    "mzxw6ytboi",
  ]);
  expect(encodeBase32(new Uint8Array(32))).toHaveLength(52);
});

test("a drawn address lies in its range and never looks like a network or a broadcast", () => {
  fc.assert(
    fc.property(fc.integer({ min: 8, max: 28 }), fc.string(), (prefix, fingerprint) => {
      const size = 2 ** (32 - prefix);
      const text = `${formatIpv4(Math.floor(0x0a630000 / size) * size)}/${prefix}`;
      const address = drawMeshAddress(text, fingerprint, () => false);
      const range = rangeOf(text);
      expect(rangeHolds(range, address)).toBe(true);
      expect([range.first, range.last]).not.toContain(parseIpv4(address));
      expect(address).not.toMatch(/\.(0|255)$/);
    }),
  );
});

test("every usable address of a small range is drawn before the range counts as full", () => {
  const taken = new Set<string>();
  for (let node = 0; node < 14; node += 1)
    taken.add(drawMeshAddress("10.9.8.16/28", `node ${node}`, (address) => taken.has(address)));
  expect(taken.size).toBe(14);
  expect(taken).not.toContain("10.9.8.16");
  expect(taken).not.toContain("10.9.8.31");
  expect(() => drawMeshAddress("10.9.8.16/28", "one more", (address) => taken.has(address))).toThrow(
    "No address is free",
  );
});

test("the same fingerprint draws the same address, unless that is taken", () => {
  const first = drawMeshAddress("10.91.0.0/16", "abc", () => false);
  expect(drawMeshAddress("10.91.0.0/16", "abc", () => false)).toBe(first);
  expect(drawMeshAddress("10.91.0.0/16", "abc", (address) => address === first)).not.toBe(first);
});

test("IPv6 addresses are the /48 or fe80::/64 with the head of the digest", () => {
  const digest = createHash("sha256").update("x").digest();
  const range6 = drawRange6(Uint8Array.of(0x12, 0x34, 0x56, 0x78, 0x9a));
  expect(range6).toBe("fd12:3456:789a::/48");
  expect(isRange6(range6)).toBe(true);
  expect(meshAddress6(range6, digest)).toBe("fd12:3456:789a:2d71:1642:b726:b044:162");
  expect(linkLocalAddress6(digest)).toBe("fe80:0:0:0:2d71:1642:b726:b044");
});

test("a node's id is its host's name made safe and the head of its fingerprint", () => {
  const fingerprint = "abcdefgh234567".padEnd(52, "a");
  expect(composeNodeId("Rack_7.example", fingerprint)).toBe("rack-7-example-abcdefgh");
  expect(composeNodeId("...", fingerprint)).toBe("node-abcdefgh");
  expect(composeNodeId("x".repeat(99), fingerprint)).toBe(`${"x".repeat(40)}-abcdefgh`);
});

test("ranges overlap where one holds the other, and only then", () => {
  expect(rangesOverlap(rangeOf("10.0.0.0/8"), rangeOf("10.91.0.0/16"))).toBe(true);
  expect(rangesOverlap(rangeOf("10.91.0.0/16"), rangeOf("10.92.0.0/16"))).toBe(false);
});

test("all mistakes in a founder's choice are named at once", () => {
  const problems = checkMeshChoice({ nodeRange: "10.91.0.1/16", vmRange: "10.0.0.0/4", mtu: 100 });
  expect(problems.map((problem) => problem.field)).toEqual(["mesh.nodeRange", "mesh.vmRange", "mesh.mtu"]);
  const overlapping = checkMeshChoice({ nodeRange: "10.91.0.0/16", vmRange: "10.91.128.0/17", mtu: 1420 });
  expect(overlapping.map((problem) => problem.field)).toEqual(["mesh.vmRange"]);
  expect(checkMeshChoice({ nodeRange: "10.91.0.0/16", vmRange: "10.92.0.0/16", mtu: 1420 })).toEqual([]);
});
