// The errno of a refused sysfs write, from the words of the program that wrote. leea runs programs with LC_ALL=C; glibc and
// musl word some differently. It reads the end of the text alone: a path before it may hold anything.

/** Errors that the kernel gives for writes of ours (errno(3)). */
export type Errno =
  | "EACCES"
  | "EBUSY"
  | "EEXIST"
  | "EINVAL"
  | "EIO"
  | "ENODEV"
  | "ENOENT"
  | "ENOMEM"
  | "ENOSPC"
  | "ENOTSUP"
  | "EPERM"
  | "ERANGE"
  | "EUCLEAN"
  | "EUSERS";

const words: Readonly<Record<Errno, readonly string[]>> = {
  EACCES: ["Permission denied"],
  EBUSY: ["Device or resource busy", "Resource busy"],
  EEXIST: ["File exists"],
  EINVAL: ["Invalid argument"],
  EIO: ["Input/output error", "I/O error"],
  ENODEV: ["No such device"],
  ENOENT: ["No such file or directory"],
  ENOMEM: ["Cannot allocate memory", "Out of memory"],
  ENOSPC: ["No space left on device"],
  ENOTSUP: ["Operation not supported", "Not supported"],
  EPERM: ["Operation not permitted"],
  ERANGE: ["Numerical result out of range", "Result not representable"],
  EUCLEAN: ["Structure needs cleaning", "Data consistency error"],
  EUSERS: ["Too many users"],
};

/** The errno that a message such as `tee: /sys/…: Device or resource busy` ends with; undefined for none of ours. */
export function errnoOf(message: string): Errno | undefined {
  const lines = message.trimEnd().split("\n");
  const end = (lines.at(-1) ?? "").split(": ").at(-1)?.trim();
  const entry = Object.entries(words).find(([, texts]) => texts.includes(end ?? ""));
  return entry?.[0] as Errno | undefined;
}
