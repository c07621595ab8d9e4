// What is drawn from a VM's id: the same on every host, usable everywhere, and spread.

import fc from "fast-check";
import { formatIpv4, type Ipv4Range, parseIpv4Range, rangeHolds } from "../../../provider/model/ipv4-range";
import { macFor } from "../../../provider/model/mac-address";
import { gatewayMac } from "../../../provider/model/net/gateway";
import { tapName } from "../../../provider/model/net/tap-name";
import { vmAddressCandidate } from "../../../provider/model/net/vm-address";

const id = fc.stringMatching(/^[a-z2-7]{52}$/);
const range = (text: string) => parseIpv4Range(text) as Ipv4Range;

test("every candidate lies in the range and looks like neither a network nor a broadcast", () => {
  fc.assert(
    fc.property(id, fc.integer({ min: 8, max: 28 }), fc.nat(5000), (vmId, prefix, n) => {
      const size = 2 ** (32 - prefix);
      const vmRange = range(`${formatIpv4(Math.floor(0x0a5c0000 / size) * size)}/${prefix}`);
      const address = vmAddressCandidate(vmRange, vmId, n) ?? formatIpv4(vmRange.first + 1);
      expect(rangeHolds({ ...vmRange, first: vmRange.first + 1, last: vmRange.last - 1 }, address)).toBe(true);
      expect(address).not.toMatch(/\.(0|255)$/);
      expect(vmAddressCandidate(vmRange, vmId, n)).toBe(vmAddressCandidate(vmRange, vmId, n));
    }),
  );
});

test("a VM's draws reach every usable address of a /28, so that the last free one is found", () => {
  const drawn = new Set(
    Array.from({ length: 1000 }, (_, n) => vmAddressCandidate(range("10.92.0.16/28"), "serveraaaa", n)),
  );
  drawn.delete(undefined);
  expect(drawn.size).toBe(14);
});

test("a thousand VMs draw nearly a thousand different addresses of a /16", () => {
  const drawn = new Set(
    Array.from({ length: 1000 }, (_, vm) => vmAddressCandidate(range("10.92.0.0/16"), `vm${vm}aaaaaaaa`, 0)),
  );
  expect(drawn.size).toBeGreaterThan(970);
});

test("MACs are local, unicast, never the gateway's, and differ between VMs and between NICs of one", () => {
  const macs = Array.from({ length: 1000 }, (_, vm) => [0, 1].map((nic) => macFor(`vm${vm}aaaaaaaa`, nic))).flat();
  expect(new Set(macs).size).toBe(macs.length);
  for (const mac of macs) expect(mac).toMatch(/^02(:[0-9a-f]{2}){5}$/);
  expect(macs.some((mac) => mac.startsWith(gatewayMac.slice(0, 5)))).toBe(false);
});

test("tap names fit the kernel's 15 characters, tell mesh from bridge, and refuse what is no id", () => {
  fc.assert(
    fc.property(id, fc.nat(9), (vmId, nic) => {
      expect(tapName("mesh", vmId, nic)).toBe(`leeat${vmId.slice(0, 8)}${nic}`);
      expect(tapName("bridge", vmId, nic)).toBe(`leeab${vmId.slice(0, 8)}${nic}`);
      expect(tapName("mesh", vmId, nic).length).toBeLessThanOrEqual(15);
    }),
  );
  for (const wrong of ["short", "UPPERCASE", 'a"; drop #', ""])
    expect(() => tapName("mesh", wrong, 0)).toThrow("no interface name");
  expect(() => tapName("mesh", "serveraaaa", 10)).toThrow("no interface name");
});
