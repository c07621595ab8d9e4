// The UUID that ties a process to its VM.

import fc from "fast-check";
import { vmUuid } from "../../../provider/model/qemu-argv/vm-uuid";

const vmIds = fc.string({
  unit: fc.constantFrom(...Array.from("abcdefghijklmnopqrstuvwxyz234567")),
  minLength: 26,
  maxLength: 52,
});

test("it is a UUID of version 8, the same for the same VM", () => {
  fc.assert(
    fc.property(vmIds, (vmId) => {
      expect(vmUuid(vmId)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(vmUuid(vmId)).toBe(vmUuid(vmId));
    }),
  );
});

test("it holds the id's first bits", () => {
  expect(vmUuid("aaaaaaaaaaaaaaaaaaaaaaaaaa")).toBe("00000000-0000-8000-8000-000000000000");
  expect(vmUuid("77777777777777777777777777")).toBe("ffffffff-ffff-8fff-bfff-ffffffffffff");
  expect(vmUuid("mfrggzdf")).toBe("61626364-6500-8000-8000-000000000000");
});
