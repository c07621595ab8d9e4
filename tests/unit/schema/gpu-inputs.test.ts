// The GPUs of a VM as they are declared: by reference, one of them at least on the VM's own host.

import { validateInputs } from "../../../provider/controller/handlers/validate-inputs";
import { checkVm } from "../../../provider/model/inputs/check-vm";
import { unknownValue } from "../../../provider/model/inputs/unknown-value";
import { vm } from "../../../schema/vm";

const [a, b] = ["a-aaaaaaaa", "b-bbbbbbbb"];
const gpu = (letter: string, node: unknown = a) => ({ id: letter.repeat(26), node });

function problemsOf(gpus: unknown, node: unknown = a): Record<string, string> {
  const disks = [{ name: "root", size: "1GiB" }];
  const good = { owner: "o/p/s", logicalName: "web", name: "web", node, nodeConnection: { host: "h" }, disks };
  const { values, problems } = validateInputs(vm, { ...good, vcpus: 1, memory: "1GiB", gpus });
  return Object.fromEntries([...problems, ...checkVm(values)].map(({ field, message }) => [field, message]));
}

describe("the GPUs of a VM", () => {
  it("are none where nothing is said", () => {
    expect(problemsOf(undefined)).toEqual({});
  });

  it("may be of other hosts too, as long as one is of the VM's own", () => {
    expect(problemsOf([gpu("x"), gpu("y"), gpu("z", b)])).toEqual({});
  });

  it("are refused where none is of the VM's own host, with what to do", () => {
    expect(problemsOf([gpu("y", b), gpu("z", b)])).toEqual({
      gpus: `has none of ${a}, which the VM is to be on, only of ${b}: add a GpuPartition of that host, or declare no gpus`,
    });
  });

  it.each([
    ["the VM's host is not known yet", [gpu("y", b)], unknownValue],
    ["a partition's host is not known yet", [gpu("y", unknownValue)], a],
    ["a partition is not known yet", [unknownValue], a],
    ["the list is not known yet", unknownValue, a],
    ["the id of a new partition is not known yet", [{ id: unknownValue, node: a }], a],
    ["the ids of two new partitions are not known yet", [0, 1].map(() => ({ id: unknownValue, node: a })), a],
  ])("are not judged while %s", (_what, gpus, node) => {
    expect(problemsOf(gpus, node)).toEqual({});
  });

  it("are refused twice, without a host, as a name and as no list, each where it stands", () => {
    expect(problemsOf([gpu("x"), gpu("x")])).toEqual({ gpus: `two of them have the id "${"x".repeat(26)}"` });
    expect(problemsOf([{ id: "x".repeat(26) }])).toEqual({ "gpus[0].node": expect.stringContaining("missing") });
    expect(problemsOf([{ id: "gpu", node: a }])).toEqual({
      "gpus[0].id": expect.stringContaining("a GpuPartition's id"),
    });
    expect(Object.keys(problemsOf("all"))).toEqual(["gpus"]);
    expect(Object.keys(problemsOf(["x".repeat(26)]))).toEqual(["gpus[0]"]);
  });
});
