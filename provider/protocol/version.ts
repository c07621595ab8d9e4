// The protocol's version. A change that an older side would misread raises it; a new verb or a new optional field of
// an answer does not.

/** What this side speaks. */
export const protocolVersion = 1;
/** The oldest that this side still understands. */
export const minProtocolVersion = 1;
/** The product's version, as `leea --version` prints it. */
export const productVersion = "0.1.0";
