// A boot sector that is a whole guest: it asks every PCI function of 32 buses for its ids by the ports 0xcf8 and 0xcfc and
// tells those that answer on COM1, as `vendor:device` in hex, one a line, then a full stop. It takes a guest two seconds.

/** 16-bit code at 0x7c00, as the comments say. */
const code = [
  // ds = ss = 0, sp = 0x7c00; ebx = 0x80000000, the address of register 0 of function 0
  "fa31c08ed88ed0bc007c66bb00000080",
  // next: out 0xcf8, ebx; eax = in 0xcfc; no function there where its vendor is ffff
  "6689d8baf80c66efbafc0c66ed83f8ff7417",
  // vendor, a colon, device, a line feed
  "6689c166c1c110e82a00b03ae83f00e82200b00ae83700",
  // ebx += 0x100, the next function, until bus 32
  "6681c3000100006681fb0000208072c7",
  // a full stop, a line feed, and halt for good
  "b02ee82200b00ae81d00f4ebfd",
  // word: the upper four digits of ecx, which goes round
  "be040066c1c10488c8240f04303c3976020427e804004e75eac3",
  // putc: al, once COM1 takes it
  "88c4bafd03eca82074fb88e0baf803eec3",
].join("");

const sizeBytes = 4 * 2 ** 20;

/** The disk's bytes: the sector, and nothing behind it. */
export function pciListerSector(): Buffer {
  const disk = Buffer.alloc(sizeBytes);
  Buffer.from(code, "hex").copy(disk);
  disk.writeUInt16LE(0xaa55, 510);
  return disk;
}
