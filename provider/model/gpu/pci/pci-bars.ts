// The `resource` file of a PCI function: one line a resource with start, end and flags (kernel: sysfs-pci.rst,
// include/linux/ioport.h). Lines 0 to 5 are the function's BARs, 6 its ROM, 7 to 12 those of its VFs.

/** One BAR that has a size. `index` is 0 to 5; for a PF's VF BARs it is the VF's own index. */
export interface PciBar {
  readonly index: number;
  readonly sizeBytes: number;
  readonly is64Bit: boolean;
  readonly isPrefetchable: boolean;
}

/** Memory BARs of a function, and of each VF together (`virtual`: all VFs' share of one BAR, as the kernel lists it). */
export interface PciBars {
  readonly own: readonly PciBar[];
  readonly virtual: readonly PciBar[];
}

const memoryFlag = 0x200n;
const prefetchFlag = 0x2000n;
const is64BitFlag = 0x100000n;
const firstVirtualLine = 7;

/** Reads the file; lines that are empty, I/O ports or not understood are left out. */
export function parseResourceFile(text: string): PciBars {
  const lines = text.split("\n");
  const range = (first: number): readonly PciBar[] =>
    lines.slice(first, first + 6).flatMap((line, index) => parseLine(line, index) ?? []);
  return { own: range(0), virtual: range(firstVirtualLine) };
}

function parseLine(line: string, index: number): PciBar | undefined {
  const numbers = /^(0x[0-9a-f]+) (0x[0-9a-f]+) (0x[0-9a-f]+)$/i.exec(line.trim());
  if (numbers === null) return undefined;
  const [start = 0n, end = 0n, flags = 0n] = numbers.slice(1).map((number) => BigInt(number));
  if ((flags & memoryFlag) === 0n || end <= start) return undefined;
  return {
    index,
    sizeBytes: Number(end - start + 1n),
    is64Bit: (flags & is64BitFlag) !== 0n,
    isPrefetchable: (flags & prefetchFlag) !== 0n,
  };
}
