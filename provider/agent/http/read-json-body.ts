// A JSON body, bounded in size, depth and time. A body that is refused is read on and thrown away until the deadline, so
// that a caller in the middle of its sending hears the answer; after that the connection ends.

import type { IncomingMessage } from "node:http";
import { LeeaError } from "../../model/errors";
import { measureDepth } from "./measure-depth";

const limitBytes = 1024 * 1024;
/** Our own bodies nest 8 deep; what nests thousands deep would end the process that writes it down. */
const limitDepth = 32;
const defaultDeadlineMs = 20_000;

/**
 * The parsed body; undefined for none. Errors: BODY_TOO_LARGE, PROTOCOL_INVALID (not JSON, nested too deep, broke off),
 * TIMED_OUT (a body that trickles for longer than `deadlineMs`).
 */
export async function readJsonBody(request: IncomingMessage, deadlineMs = defaultDeadlineMs): Promise<unknown> {
  const text = await readBytes(request, deadlineMs);
  if (text.length === 0) return undefined;
  if (measureDepth(text) > limitDepth) throw invalid(`the body nests deeper than ${limitDepth} levels`);
  try {
    return JSON.parse(text.toString());
  } catch (cause) {
    throw invalid("the body is not JSON", cause);
  }
}

function readBytes(request: IncomingMessage, deadlineMs: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const timer = setTimeout(() => {
      reject(late());
      if (size > limitBytes) request.socket.destroy();
    }, deadlineMs).unref(); // a request whose connection ended after its answer tells nobody of its end
    const refuse = (error: LeeaError): void => {
      chunks.length = 0;
      reject(error);
    };
    if (Number(request.headers["content-length"]) > limitBytes) refuse(tooLarge());
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > limitBytes) refuse(tooLarge());
      else chunks.push(chunk);
    });
    request.on("error", (cause) => refuse(invalid("the body broke off", cause)));
    request.on("end", () => {
      clearTimeout(timer);
      resolve(Buffer.concat(chunks));
    });
  });
}

function late(): LeeaError {
  return new LeeaError({ code: "TIMED_OUT", message: "the body did not arrive in time", hint: "Send it again." });
}

function tooLarge(): LeeaError {
  return new LeeaError({
    code: "BODY_TOO_LARGE",
    message: `the body is larger than ${limitBytes} bytes`,
    hint: "This is a defect in the caller.",
    details: { limitBytes },
  });
}

function invalid(message: string, cause?: unknown): LeeaError {
  return new LeeaError({ code: "PROTOCOL_INVALID", message, hint: "This is a defect in the caller.", cause });
}
