// The id of a VM: the same for the same declaration, another for any other.

import { createHash } from "node:crypto";
import fc from "fast-check";
import { deriveVmId } from "../../../../provider/model/inputs/vm-id";

const sha256 = (text: string) => createHash("sha256").update(text).digest();

describe("deriveVmId", () => {
  it("is 26 characters of lower-case base32 and stays the same for ever", () => {
    expect(deriveVmId("org/project/stack", "web", sha256)).toBe("upiu4kxbzgldm62j6vuhue7tg2");
  });

  it("keeps owner and name apart", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), fc.string(), (owner, name, otherOwner, otherName) => {
        const isSame = owner === otherOwner && name === otherName;
        expect(deriveVmId(owner, name, sha256) === deriveVmId(otherOwner, otherName, sha256)).toBe(isSame);
      }),
    );
    expect(deriveVmId("a", "bc", sha256)).not.toBe(deriveVmId("ab", "c", sha256));
  });
});
