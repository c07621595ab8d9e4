// The test guest's initial RAM disk with another first program behind it: the kernel unpacks archives one after another.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Prints the first bytes of its NVMe disk once, and every two seconds what it has seen so far: `GPU: here none here .` */
const recorderScript = `#!/bin/busybox sh
/bin/busybox mount -t devtmpfs dev /dev
/bin/busybox mount -t sysfs sys /sys
exec </dev/console >/dev/console 2>&1
seen=
last=
read=
while :; do
  if [ -z "$read" ] && [ -b /dev/nvme0n1 ]; then
    /bin/busybox head -c 64 /dev/nvme0n1
    echo
    read=done
  fi
  now=none
  for device in /sys/bus/pci/devices/*; do
    read -r vendor <$device/vendor
    read -r model <$device/device
    [ "$vendor:$model" = 0x1234:0x1111 ] && now=here
  done
  [ "$now" = "$last" ] || seen="$seen $now"
  last=$now
  echo "GPU:$seen ."
  /bin/busybox sleep 2
done
`;

/** Writes the disk into the folder: the test guest's, and the script as /recorder (`rdinit=/recorder`). Gives its path. */
export function makeGuestInitrd(folder: string): string {
  const base = process.env["LEEA_GUEST_INITRD"];
  if (base === undefined) throw new Error("LEEA_GUEST_INITRD is not set: run these tests by `npm run test:gpu`");
  const path = join(folder, "recorder.img");
  const archive = Buffer.concat([
    entry("recorder", 0o100755, Buffer.from(recorderScript)),
    entry("TRAILER!!!", 0, Buffer.alloc(0)),
  ]);
  const own = readFileSync(base);
  // An archive begins at a multiple of four bytes.
  writeFileSync(path, Buffer.concat([own, Buffer.alloc((4 - (own.length % 4)) % 4), archive]));
  return path;
}

/** One file of a cpio archive in the form "newc" (kernel: Documentation/driver-api/early-userspace/buffer-format.rst). */
function entry(name: string, mode: number, content: Buffer): Buffer {
  const fields = [1, mode, 0, 0, 1, 0, content.length, 0, 0, 0, 0, name.length + 1, 0];
  const head = `070701${fields.map((field) => field.toString(16).padStart(8, "0")).join("")}${name}\0`;
  const padded = (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
  return Buffer.concat([padded(Buffer.from(head, "latin1")), padded(content)]);
}
