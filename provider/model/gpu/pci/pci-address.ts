// A PCI function's address, domain:bus:device.function, as sysfs spells it. It never guesses a missing part but the domain.

/** One function's place. All parts are numbers; `slot` is "domain:bus:device", which the functions of one card share. */
export interface PciAddress {
  readonly domain: number;
  readonly bus: number;
  readonly device: number;
  readonly func: number;
  readonly slot: string;
  /** As sysfs has it: 0000:01:00.0. */
  readonly text: string;
}

const shape = /^(?:([0-9a-f]{4,8}):)?([0-9a-f]{2}):([0-9a-f]{2})\.([0-7])$/;

/** Reads `0000:01:00.0` or `01:00.0` (domain 0), in either case; undefined for anything else. */
export function parsePciAddress(text: string): PciAddress | undefined {
  const parts = shape.exec(text.trim().toLowerCase());
  if (parts === null) return undefined;
  const [domain = 0, bus = 0, device = 0, func = 0] = parts.slice(1).map((part) => Number.parseInt(part ?? "0", 16));
  if (device > 0x1f) return undefined;
  const slot = `${hex(domain, 4)}:${hex(bus, 2)}:${hex(device, 2)}`;
  return { domain, bus, device, func, slot, text: `${slot}.${func}` };
}

/** Sorts addresses as `lspci` does: by domain, bus, device and function, as numbers. Unreadable ones come last. */
export function comparePciAddresses(left: string, right: string): number {
  return placeOf(left) - placeOf(right) || (left < right ? -1 : Number(left > right));
}

/** True where both are functions of one card, so that they are passed to a guest together. */
export function isSameSlot(left: string, right: string): boolean {
  const slot = parsePciAddress(left)?.slot;
  return slot !== undefined && slot === parsePciAddress(right)?.slot;
}

function placeOf(text: string): number {
  const address = parsePciAddress(text);
  if (address === undefined) return Number.MAX_SAFE_INTEGER;
  return ((address.domain * 256 + address.bus) * 32 + address.device) * 8 + address.func;
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, "0");
}
