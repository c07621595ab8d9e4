// What stands in place of a file's path where only its content is known: a VM that was found on a host was made from files
// that this machine may not have.

const prefix = "sha256:";

/** The name of a content. */
export function contentName(sha256: string): string {
  return `${prefix}${sha256}`;
}

/** True for such a name; no path that a user writes. */
export function isContentName(path: string | undefined): boolean {
  return path !== undefined && /^sha256:[0-9a-f]{64}$/.test(path);
}
