// Writes the archive that a Linux kernel unpacks as its first root (newc: Documentation/driver-api/early-userspace/buffer-format).
// Holds no clock and no owner, so that the same input gives the same bytes.

const TRAILER = "TRAILER!!!";

/** Rounds up to the format's alignment of four bytes. */
function pad(bytes) {
  return Buffer.alloc((4 - (bytes % 4)) % 4);
}

function encodeEntry(entry, inode) {
  const data = entry.data ?? Buffer.alloc(0);
  const name = Buffer.from(`${entry.path}\0`);
  const [major, minor] = entry.device ?? [0, 0];
  const fields = [inode, entry.mode, 0, 0, 1, 0, data.length, 0, 0, major, minor, name.length, 0];
  const head = Buffer.from(
    `070701${fields.map((field) => field.toString(16).padStart(8, "0").toUpperCase()).join("")}`,
  );
  return Buffer.concat([head, name, pad(head.length + name.length), data, pad(data.length)]);
}

/**
 * Gives the bytes of a newc archive.
 * `entries`: {path, mode (type and permission bits), data?, device?: [major, minor]}; folders must come before their content.
 */
export function writeCpioArchive(entries) {
  return Buffer.concat([...entries, { path: TRAILER, mode: 0 }].map((entry, index) => encodeEntry(entry, index + 1)));
}

/** A folder of the archive. */
export const folder = (path) => ({ path, mode: 0o040755 });

/** A file of the archive that may be run. */
export const program = (path, data) => ({ path, mode: 0o100755, data });

/** A symbolic link of the archive. */
export const link = (path, target) => ({ path, mode: 0o120777, data: Buffer.from(target) });
