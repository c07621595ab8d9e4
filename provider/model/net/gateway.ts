// The guests' gateway: the same address and MAC on every tap of every host, so that a moved guest notices nothing.

/** Every guest's default gateway and DNS server: link-local (RFC 3927), so that it can clash with no one's range. */
export const gatewayAddress = "169.254.1.1";
/** Its MAC on every tap of every host. */
export const gatewayMac = "02:6c:65:65:61:01";
