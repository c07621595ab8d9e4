// The test guest that every side boots, as the setup has built it.

import { LeeaError } from "../../../model/errors";

/** Kernel and initial RAM disk, absolute paths of this machine. */
export interface GuestFiles {
  readonly kernel: string;
  readonly initrd: string;
}

/** Error: TOOL_MISSING where no guest was built. */
export function guestFiles(): GuestFiles {
  const { LEEA_GUEST_KERNEL: kernel, LEEA_GUEST_INITRD: initrd } = process.env;
  if (kernel !== undefined && initrd !== undefined) return { kernel, initrd };
  throw new LeeaError({ code: "TOOL_MISSING", message: "no test guest was built", hint: "Run it as `npm run bench`." });
}
