// Path parameters become file names and argument words on the host, so each has a strict shape.

import { LeeaError } from "../../model/errors";

const shapes: Readonly<Record<string, RegExp>> = {
  vmId: /^[a-z2-7]{26}$/,
  partitionId: /^[a-z2-7]{26}$/,
  operationId: /^[A-Za-z0-9-]{8,64}$/,
  moveId: /^[A-Za-z0-9-]{8,64}$/,
  hash: /^[0-9a-f]{64}$/,
  log: /^(console|qemu)$/,
  lines: /^\d{1,6}$/,
  peerId: /^[a-z0-9-]{10,80}$/,
};

/** Refuses any parameter that does not have its shape. Error: PROTOCOL_INVALID, naming the parameter. */
export function checkParams(params: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(params)) {
    if (shapes[name]?.test(value) === true) continue;
    throw new LeeaError({
      code: "PROTOCOL_INVALID",
      message: `the path parameter ${name} does not have its shape`,
      hint: "This is a defect in the caller.",
    });
  }
}
