// Which of two agents is newer.

import { compareVersions } from "../../../provider/controller/install/compare-versions";

test.each([
  ["0.2.0", "0.1.9", 1],
  ["0.10.0", "0.9.0", 1],
  ["1.0.0", "1.0.0", 0],
  ["1.0.0-rc.1", "1.0.0", 0],
  ["0.1.0", "1.0", -1],
  ["garbage", "0.1.0", -1],
])("%s against %s", (first, second, sign) => {
  expect(Math.sign(compareVersions(first, second))).toBe(sign);
});
