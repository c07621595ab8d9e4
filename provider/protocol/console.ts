// The one verb that leaves HTTP: `openConsole` is asked for with these headers, and after the 101 the connection carries
// the guest's serial console, both ways, byte for byte.

/** Value of the `upgrade` header, in the request and in the 101. */
export const consoleProtocol = "leea-console";
/** Header that says `yes` where whoever has the console is to be sent away. */
export const takeHeader = "leea-take";
