// What a disk image is, told from its first bytes before any program opens it: the image's writer chooses what is in it,
// and a program that follows what a header names opens files that were never given. Decides only; reads nothing itself.

/** How many bytes from the start of the file are needed. */
export const imageHeadBytes = 512;

/** A usable image and the size of the disk in it, or why it is none: a clause that fits behind the image's name. */
export type ImageHead =
  | { readonly format: "raw" | "qcow2"; readonly virtualBytes: number }
  | { readonly problem: string };

const sectorBytes = 512;
/** Past this no file system keeps a file, and numbers stop being exact. */
const largestVirtualBytes = 2 ** 53 - 1;
const convertAdvice = "convert it first: qemu-img convert -O qcow2 IMAGE NEW-IMAGE";

/** Kinds of files that are mistaken for images, by what they start with. */
const foreignKinds: readonly (readonly [start: string, problem: string])[] = [
  ["\x1f\x8b", "is compressed (gzip); decompress it first: gunzip"],
  ["\xfd7zXZ\0", "is compressed (xz); decompress it first: unxz"],
  ["\x28\xb5\x2f\xfd", "is compressed (zstd); decompress it first: unzstd"],
  ["BZh", "is compressed (bzip2); decompress it first: bunzip2"],
  ["PK\x03\x04", "is a zip archive; take the image out of it first"],
  ["7z\xbc\xaf\x27\x1c", "is a 7z archive; take the image out of it first"],
  ["\x7fELF", "is a program or a kernel and no disk image"],
  ["KDMV", `is a VMDK image; ${convertAdvice}`],
  ["# Disk DescriptorFile", `is a VMDK descriptor, which names other files; ${convertAdvice}`],
  ["vhdxfile", `is a VHDX image; ${convertAdvice}`],
  ["conectix", `is a VHD image; ${convertAdvice}`],
  ["QED\0", `is a QED image; ${convertAdvice}`],
];

/** Judges an image of `fileBytes` bytes that starts with `head` (qcow2: QEMU's docs/interop/qcow2.txt). */
export function readImageHead(head: Uint8Array, fileBytes: number): ImageHead {
  const start = String.fromCharCode(...head.subarray(0, 32));
  if (start.startsWith("QFI\xfb")) return readQcow2(new DataView(head.buffer, head.byteOffset, head.byteLength));
  const foreign = foreignKinds.find(([mark]) => start.startsWith(mark));
  if (foreign !== undefined) return { problem: foreign[1] };
  if (fileBytes === 0) return { problem: "is empty and no disk image" };
  if (isText(head)) return { problem: "is text and no disk image; look whether its download failed" };
  if (fileBytes % sectorBytes !== 0)
    return {
      problem: `has ${fileBytes} bytes, no whole number of ${sectorBytes}-byte sectors, so it is no disk image or was cut short`,
    };
  return { format: "raw", virtualBytes: fileBytes };
}

function readQcow2(header: DataView): ImageHead {
  if (header.byteLength < 80) return { problem: "is a qcow2 image that was cut short" };
  const version = header.getUint32(4);
  if (version !== 2 && version !== 3) return { problem: `is a qcow image of version ${version}; ${convertAdvice}` };
  if (header.getBigUint64(8) !== 0n)
    return {
      problem:
        "is a qcow2 image with a backing file, which is not in it; make it whole first: qemu-img convert -O qcow2 IMAGE NEW-IMAGE",
    };
  if (header.getUint32(32) !== 0) return { problem: "is an encrypted qcow2 image; decrypt it first" };
  const hasDataFile = version === 3 && (header.getBigUint64(72) & 4n) !== 0n;
  if (hasDataFile)
    return { problem: `is a qcow2 image with an external data file, which is not in it; ${convertAdvice}` };
  const virtualBytes = Number(header.getBigUint64(24));
  if (virtualBytes > largestVirtualBytes)
    return { problem: "is a qcow2 image that claims a disk larger than any that can be made" };
  if (virtualBytes === 0) return { problem: "is a qcow2 image of a disk without a single byte" };
  return { format: "qcow2", virtualBytes };
}

/** Printable ASCII, white space and nothing else: an error page of a download, or a file with a name like the image's. */
function isText(head: Uint8Array): boolean {
  return head.every((byte) => (byte >= 0x20 && byte < 0x7f) || byte === 0x09 || byte === 0x0a || byte === 0x0d);
}
