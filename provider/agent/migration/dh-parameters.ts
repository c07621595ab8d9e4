// The Diffie-Hellman group that QEMU is handed with a move's key. Without this file QEMU makes a group of its own for each
// server credentials object (145 to 640 ms of one core, measured), although TLS 1.3 uses none of it.

/** Name of the file beside `keys.psk` (QEMU, tls-creds `dir`). */
export const dhParametersFile = "dh-params.pem";

/** ffdhe2048 of RFC 7919, A.1: the prime and generator 2, as PKCS #3 DHParameter. Public by its nature. */
export const dhParametersPem = `-----BEGIN DH PARAMETERS-----
MIIBCAKCAQEA//////////+t+FRYortKmq/cViAnPTzx2LnFg84tNpWp4TZBFGQz
+8yTnc4kmz75fS/jY2MMddj2gbICrsRhetPfHtXV/WVhJDP1H18GbtCFY2VVPe0a
87VXE15/V8k1mE8McODmi3fipona8+/och3xWKE2rec1MKzKT0g6eXq8CrGCsyT7
YdEIqUuyyOP7uWrat2DX9GgdT0Kj3jlN9K5W7edjcrsZCwenyO4KbXCeAvzhzffi
7MA0BM0oNC9hkXL+nOmFg/+OTxIy7vKBg8P+OxtMb61zO7X8vC7CIAXFjvGDfRaD
ssbzSibBsu/6iGtCOGEoXJf//////////wIBAg==
-----END DH PARAMETERS-----
`;
