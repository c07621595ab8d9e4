// Cuts a byte stream into lines, however the chunks fall. Must never hold more than its limit in memory.

import { LeeaError } from "../../model/errors";

const newline = 0x0a;

/** Collects chunks and gives whole lines, without their end (LF or CRLF). */
export class LineSplitter {
  readonly #maxLineBytes: number;
  #parts: Buffer[] = [];
  #heldBytes = 0;

  constructor(maxLineBytes: number) {
    this.#maxLineBytes = maxLineBytes;
  }

  /** Takes a chunk and gives the lines that it ends. Error: PROTOCOL_INVALID for a line over the limit. */
  feed(chunk: Buffer): readonly string[] {
    const lines: string[] = [];
    let start = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      this.#hold(chunk.subarray(start, end));
      lines.push(this.#take());
      start = end + 1;
    }
    this.#hold(chunk.subarray(start));
    return lines;
  }

  #hold(part: Buffer): void {
    this.#heldBytes += part.length;
    if (this.#heldBytes > this.#maxLineBytes) throw lineTooLong(this.#maxLineBytes);
    if (part.length > 0) this.#parts.push(part);
  }

  #take(): string {
    const line = Buffer.concat(this.#parts).toString("utf8");
    this.#parts = [];
    this.#heldBytes = 0;
    return line.endsWith("\r") ? line.slice(0, -1) : line;
  }
}

function lineTooLong(maxLineBytes: number): LeeaError {
  return new LeeaError({
    code: "PROTOCOL_INVALID",
    message: `a line of more than ${maxLineBytes} bytes came in`,
    hint: "This is not a QMP monitor, or it is broken; restart the VM.",
  });
}
