// Which records of an earlier time let a VM come to their host, and which ones keep a restored copy from taking its place.

import { permitsMove } from "../../../provider/model/move/permits-move";
import type { Role } from "../../../provider/model/ownership";

const here = (role: Role, generation: number) => ({ role, generation });
const there = { role: "owner" as const, generation: 3 };

test.each(["owner", "released"] as const)(
  "a host whose record says %s takes no move in, whatever the generations",
  (role) => {
    for (const generation of [1, 2, 3, 4, 5]) expect(permitsMove(here(role, generation), there)).toBe(false);
  },
);

test.each(["incoming", "former", "abandoned", "deleted"] as const)(
  "a record %s of the source's generation or an earlier one permits it",
  (role) => {
    for (const generation of [1, 2, 3]) expect(permitsMove(here(role, generation), there)).toBe(true);
  },
);

test("a VM that was deleted here and made anew elsewhere comes back, however often the old one had moved", () => {
  for (const generation of [4, 5, 9]) expect(permitsMove(here("deleted", generation), there)).toBe(true);
});

test("a VM comes back to a host that held the source's generation itself: that was an earlier VM of this id", () => {
  expect(permitsMove(here("former", 4), there)).toBe(true);
});

test("a VM that went on from here to a third host is not taken in from the restored disk of an earlier one", () => {
  for (const generation of [5, 6]) expect(permitsMove(here("former", generation), there)).toBe(false);
  for (const role of ["incoming", "abandoned"] as const) expect(permitsMove(here(role, 4), there)).toBe(false);
});
