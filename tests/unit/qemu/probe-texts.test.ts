// What is read out of QEMU's own words.

import { parseMachines } from "../../../provider/agent/qemu/probe-qemu";
import { startFailure } from "../../../provider/agent/qemu/start-failure";

const help = `Supported machines are:
microvm              microvm (i386)
pc                   Standard PC (i440FX + PIIX, 1996) (alias of pc-i440fx-10.0)
pc-i440fx-10.0       Standard PC (i440FX + PIIX, 1996) (default)
q35                  Standard PC (Q35 + ICH9, 2009) (alias of pc-q35-10.0)
pc-q35-10.0          Standard PC (Q35 + ICH9, 2009)
pc-q35-9.2           Standard PC (Q35 + ICH9, 2009)
pc-q35-4.0.1         Standard PC (Q35 + ICH9, 2009) (deprecated)
none                 empty machine
`;

test("the machine types are the versioned q35 ones, the newest by its alias", () => {
  expect(parseMachines(help)).toEqual({
    machine: "pc-q35-10.0",
    machines: ["pc-q35-10.0", "pc-q35-9.2", "pc-q35-4.0.1"],
  });
  expect(parseMachines("none                 empty machine\n")).toBeUndefined();
});

test.each([
  ["could not open /dev/net/tun: Permission denied", /chmod 0666 \/dev\/net\/tun/],
  ['Failed to get "write" lock', /Another QEMU holds the disk/],
  ['unsupported machine type: "pc-q35-99.0"', /newer QEMU/],
  ["cannot set up guest memory 'mem0': Cannot allocate memory", /too little free memory/],
  ["Host doesn't support requested features", /cpu: host/],
])("%s leads to the step that mends it", (words, hint) => {
  const failure = startFailure("aaaaaaaa", `2026-01-01T00:00:00.000000Z qemu-system-x86_64: ${words}\n`);
  expect(failure.code).toBe("START_FAILED");
  expect(failure.message).toBe(`Unable to start QEMU for VM aaaaaaaa: qemu-system-x86_64: ${words}`);
  expect(failure.hint).toMatch(hint);
});

test("a QEMU that ended without a word says so", () => {
  expect(startFailure("aaaaaaaa", "").message).toMatch(/it gave no reason/);
});
