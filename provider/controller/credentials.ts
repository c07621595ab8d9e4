// Private keys that the provider's configuration gives by name (`leea:credentials`). They live in this process's memory
// only: never in state, an error, a log or an argument vector.

/** A private key in PEM or OpenSSH form. */
export interface Credential {
  readonly privateKey: string;
  readonly passphrase?: string;
}

let credentials: ReadonlyMap<string, Credential> = new Map();

/** Replaces all named credentials. A bare string is a private key without a passphrase. */
export function setCredentials(named: Readonly<Record<string, Credential | string>>): void {
  credentials = new Map(
    Object.entries(named).map(([name, value]) => [name, typeof value === "string" ? { privateKey: value } : value]),
  );
}

/** The credential of that name; undefined where there is none. */
export function findCredential(name: string): Credential | undefined {
  return credentials.get(name);
}

/** The names that exist, for messages. */
export function listCredentialNames(): readonly string[] {
  return [...credentials.keys()];
}
