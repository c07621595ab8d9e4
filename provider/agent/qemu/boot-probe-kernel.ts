// A kernel of 304 bytes, written by hand, that does what every real guest needs: it turns on paging, enters 64-bit mode,
// takes ten timer interrupts and does 50 million steps of work, then ends QEMU. The work is there because a broken KVM
// can pass the rest by emulating each instruction, thousands of times slower than a guest could bear.
// Source: Multiboot Specification 0.6.96; AMD64 Architecture Programmer's Manual, volume 2.

const rows: readonly (readonly [hex: string, meaning: string])[] = [
  ["02b0ad1b00000100fe4f51e4", "multiboot header: magic, flags (addresses follow), checksum"],
  [
    "0000100000001000300110000080100020001000",
    "where the header, the load, the file's end, the memory's end and the entry are, from 0x100000",
  ],
  ["fabc00801000", "32 bit: cli; stack at 0x108000"],
  ["bf0010100031c0b9000c0000f3ab", "clear three page tables, at 0x101000, 0x102000, 0x103000"],
  [
    "c7050010100003201000c7050020100003301000c7050030100083000000",
    "level 4 to level 3 to level 2 to the first 2 MiB, writable",
  ],
  ["0f20e083c8200f22e0", "cr4: physical address extension"],
  ["b8001010000f22d8", "cr3: level 4"],
  ["b9800000c00f320d000100000f30", "EFER: long mode"],
  ["0f20c00d010000800f22c0", "cr0: paging"],
  ["0f011520011000ea8a0010000800", "lgdt; far jump into 64 bit"],
  ["31c08ed88ec08ed0", "64 bit: clear ds, es, ss"],
  [
    "bf00421000b80601100066890766c74702080066c74704008ec1e8106689470648c7470800000000",
    "interrupt 0x20 in the table at 0x104000 leads to `tick`",
  ],
  ["0f011c2526011000", "lidt"],
  ["b011e620b020e621b004e621b001e621b0fee621b0ffe6a1", "interrupt controller: from 0x20 on, the timer alone"],
  ["b034e643b0a9e640b004e640", "timer: every 1193 of 1193182 counts a second"],
  ["31dbfb", "ebx = 0 ticks; sti"],
  ["b980f0fa02", "ecx = 50,000,000"],
  ["48010c2500501000ffc975f4", "work: add to a word in memory, until ecx is 0"],
  ["f483fb0a72fa", "wait: hlt, until ebx is 10"],
  ["b02ae6f4ebf4", "out 0xf4, 0x2a: isa-debug-exit ends QEMU with 0x2a * 2 + 1"],
  ["ffc3b020e62048cf", "tick: count; end of interrupt; iretq"],
  ["6690", "padding"],
  ["000000000000000000000000009a2000", "segments: none; 64-bit code"],
  ["0f0010011000", "pointer to them"],
  ["0f020040100000000000", "pointer to the interrupt table"],
];

/** How QEMU ends when the kernel reached its end: isa-debug-exit at port 0xf4. */
export const bootProbeExitCode = 85;

/** The kernel, for `-kernel`. */
export function bootProbeKernel(): Uint8Array {
  return Uint8Array.from(Buffer.from(rows.map(([hex]) => hex).join(""), "hex"));
}
