// A JSON body, bounded in size and time.

import type { IncomingMessage } from "node:http";
import { LeeaError } from "../../model/errors";

const limitBytes = 1024 * 1024;
const deadlineMs = 20_000;

/** The parsed body; undefined for none. Errors: PROTOCOL_INVALID (too big, not JSON), TIMED_OUT (a body that trickles). */
export function readJsonBody(request: IncomingMessage): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const fail = (error: LeeaError): void => {
      clearTimeout(timer);
      reject(error);
      request.resume();
    };
    const timer = setTimeout(
      () =>
        fail(new LeeaError({ code: "TIMED_OUT", message: "the body did not arrive in time", hint: "Send it again." })),
      deadlineMs,
    );
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > limitBytes) fail(invalid(`the body is larger than ${limitBytes} bytes`));
      else chunks.push(chunk);
    });
    request.on("error", (cause) =>
      fail(new LeeaError({ code: "PROTOCOL_INVALID", message: "the body broke off", hint: "Send it again.", cause })),
    );
    request.on("end", () => {
      clearTimeout(timer);
      if (size === 0) return resolve(undefined);
      try {
        resolve(JSON.parse(Buffer.concat(chunks).toString()));
      } catch (cause) {
        reject(invalid("the body is not JSON", cause));
      }
    });
  });
}

function invalid(message: string, cause?: unknown): LeeaError {
  return new LeeaError({ code: "PROTOCOL_INVALID", message, hint: "This is a defect in the caller.", cause });
}
