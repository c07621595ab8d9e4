// Words for a shell's command line on the host.

/** The word in single quotes, so that any POSIX shell, csh or fish takes it literally. No newline may be in it for csh. */
export function quoteShell(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
