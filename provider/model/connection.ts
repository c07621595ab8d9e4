// The way to a host over SSH, as the declared `connection` reads once its defaults are filled in. It is kept in state
// and in node descriptors, so it must never hold a secret: `identity` is a name or a path.

/** One hop. `hostKey` is a public key as in known_hosts; `knownHosts` and `identity` may be paths on this machine. */
export interface JumpHost {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly hostKey?: string;
  readonly knownHosts?: string;
  readonly identity?: string;
}

/** The way to a host. Absent `sudo` means: yes for every login but root. */
export interface Connection extends JumpHost {
  readonly sudo?: boolean;
  readonly jump?: JumpHost;
}
