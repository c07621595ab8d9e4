// Numbers and times in DER, where readers refuse what they could understand. The rest is read back by TLS libraries, in the
// tests of the certificates.

import { time, unsigned } from "../../../provider/model/der";

describe("a whole number", () => {
  test.each([
    ["begins with zeros", [0, 0x53, 0x36], [2, 2, 0x53, 0x36]],
    ["would be negative after its zeros", [0, 0, 0x81], [2, 2, 0, 0x81]],
    ["would be negative as it is", [0x81, 1], [2, 3, 0, 0x81, 1]],
    ["is zero", [0, 0], [2, 1, 0]],
  ])("is written in the fewest octets where it %s", (_, bytes, written) => {
    expect([...unsigned(Uint8Array.from(bytes))]).toEqual(written);
  });
});

describe("a time", () => {
  const written = (at: string) => Buffer.from(time(at).subarray(2)).toString("ascii");

  test("has two digits of its year until 2049, and four from then on", () => {
    expect([time("20491231T235959Z")[0], written("20491231T235959Z")]).toEqual([0x17, "491231235959Z"]);
    expect([time("20500101T000000Z")[0], written("20500101T000000Z")]).toEqual([0x18, "20500101000000Z"]);
  });
});
