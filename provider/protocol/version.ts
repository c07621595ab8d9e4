// The protocol's version. What an older side would refuse or misread raises it: a new field of a body above all. A new verb,
// or a new field of an answer, does not. When it is raised, the protocol before it gets its tree in skew/ (decision 008).

/** What this side speaks. */
export const protocolVersion = 2;
/** The oldest that this side still understands. */
export const minProtocolVersion = 1;
/** The product's version, as `leea --version` prints it. */
export const productVersion = "0.2.0";
