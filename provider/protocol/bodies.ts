// The bodies of all verbs as one type: from it the checks are generated that both servers hold every request against.

import type { VerbTypes } from "./verbs";

/** Body by verb; verbs without a body are left out. */
export type VerbBodies = {
  [V in keyof VerbTypes as VerbTypes[V]["body"] extends void ? never : V]: VerbTypes[V]["body"];
};
