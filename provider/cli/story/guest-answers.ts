// What the test guest answers, as types: the words of setup/guest/program/control-server.c, and nothing of our own.

/** One disk of the guest. `acked` counts writes that fdatasync has confirmed; a region of 64 MiB at most is written. */
export interface GuestDisk {
  readonly name: string;
  readonly bytes: number;
  readonly written: number;
  readonly acked: number;
  readonly errors: number;
}

/** Answer to `status`, `write N` (blocks a second and disk), `dirty RATE WS` (MiB/s, MiB) and `start-writing`. */
export interface GuestStatus {
  readonly bootId: string;
  /** Counts up ten times a second from boot on. */
  readonly heartbeat: number;
  readonly uptimeMs: number;
  /** IPv4 address of the first network card, "" while it has none. */
  readonly address: string;
  readonly writing: boolean;
  readonly writeRate: number;
  readonly disks: readonly GuestDisk[];
  /** `rate` MiB/s over `workingSet` MiB; `pages` of 4 KiB touched so far. */
  readonly dirty: { readonly rate: number; readonly workingSet: number; readonly pages: number };
}

/** What a check found: blocks or pages looked at, and how many of them were wrong. */
export interface GuestTally {
  readonly checked: number;
  readonly bad: number;
}

/** Answer to `verify`: every acknowledged block read back without a cache, every page of the working set compared. */
export interface GuestVerification {
  readonly disks: readonly (GuestTally & { readonly name: string })[];
  readonly memory: GuestTally;
}

/** Answer to `survey`: each block of the region is blank or what its own header says, whichever boot wrote it. */
export interface GuestSurvey {
  readonly disks: readonly (GuestTally & { readonly name: string; readonly blank: number })[];
}

/** Answer to `connect IP PORT` within 3 s: the first bytes, "" when connected to one who stays silent, or the errno's name. */
export type GuestConnection =
  | { readonly connected: true; readonly data: string }
  | { readonly connected: false; readonly error: string };

/** Answer to `ping IP`: three echo requests, one a second. */
export interface GuestPing {
  readonly sent: number;
  readonly received: number;
}

/** Answer to `resolve NAME`: empty `addresses` come with the resolver's own words. */
export interface GuestName {
  readonly addresses: readonly string[];
  readonly error?: string;
}

/** Answer to `forge SOURCE TARGET`: bytes handed to the card (UDP, `port`, text "leea-forged"), or the errno's name. */
export interface GuestForgery {
  readonly sent: number;
  readonly port?: number;
  readonly error?: string;
}

/** The answer's type for each command of the guest. */
export type GuestAnswer<Command extends string> = Command extends
  | "status"
  | "start-writing"
  | `write ${number}`
  | `dirty ${number} ${number}`
  ? GuestStatus
  : Command extends "stop-writing"
    ? GuestStatus & { readonly clean: boolean }
    : Command extends "verify"
      ? GuestVerification
      : Command extends "survey"
        ? GuestSurvey
        : Command extends `connect ${string}`
          ? GuestConnection
          : Command extends `ping ${string}`
            ? GuestPing
            : Command extends `resolve ${string}`
              ? GuestName
              : Command extends `forge ${string}`
                ? GuestForgery
                : Command extends "routes" | "addresses"
                  ? { readonly text: string }
                  : Command extends "poweroff"
                    ? { readonly off: true }
                    : never;

/** Every command that the guest knows. */
export type GuestCommand =
  | "status"
  | "verify"
  | "survey"
  | "start-writing"
  | "stop-writing"
  | "routes"
  | "addresses"
  | "poweroff"
  | `write ${number}`
  | `dirty ${number} ${number}`
  | `connect ${string} ${number}`
  | `ping ${string}`
  | `resolve ${string}`
  | `forge ${string} ${string}`;
