// The list of GPUs that a VM moves with, where the same update changes its host and its list.

import { gpusForMove } from "../../../../provider/controller/handlers/vm/list-gpus-beforehand";

const [a, b] = ["a-aaaaaaaa", "b-bbbbbbbb"];
const gpu = (letter: string, nodeId: string) => ({ partitionId: letter.repeat(26), nodeId });
const [onA, onB, otherOnB] = [gpu("x", a), gpu("y", b), gpu("z", b)];

test.each([
  ["as it is where nothing changes", [onA, onB], [onA, onB], [onA, onB]],
  ["what it has until the move ejects it, and what is declared there", [onA], [onB], [onA, onB]],
  ["one there instead of another", [onA, onB], [onA, otherOnB], [onA, otherOnB]],
  ["none where none is declared", [onA, onB], [], []],
  ["none of the destination where it is to have none there", [onA, onB], [onA], [onA]],
  ["none where it has no port for any", [], [onB], []],
])("is %s", (_what, known, declared, wanted) => {
  expect(gpusForMove({ gpus: known }, declared, b)).toEqual(wanted);
});
