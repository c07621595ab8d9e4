// The QMP commands that we use, in QEMU's own spelling (QAPI field names). Only what is listed here can be sent; a unit
// test holds every command, argument and enum value against the recorded schemas of the oldest and newest QEMU we run.

/** Run states (QAPI RunState), as far as we act on them. */
export type QmpRunState =
  | "debug"
  | "inmigrate"
  | "internal-error"
  | "io-error"
  | "paused"
  | "postmigrate"
  | "prelaunch"
  | "finish-migrate"
  | "restore-vm"
  | "running"
  | "save-vm"
  | "shutdown"
  | "suspended"
  | "watchdog"
  | "guest-panicked"
  | "colo";

/** States of a migration (QAPI MigrationStatus). Treat a value outside the list as one that is still going on. */
export type QmpMigrationStatus =
  | "none"
  | "setup"
  | "cancelling"
  | "cancelled"
  | "active"
  | "postcopy-active"
  | "postcopy-paused"
  | "postcopy-recover"
  | "completed"
  | "failed"
  | "colo"
  | "pre-switchover"
  | "device"
  | "wait-unplug";

/** Capabilities that we switch (QAPI MigrationCapability). */
export type QmpMigrationCapability = "events" | "return-path" | "pause-before-switchover" | "multifd" | "auto-converge";

/** Where a stream goes (QAPI InetSocketAddress): numbers are text. */
export interface QmpInetAddress {
  readonly host: string;
  readonly port: string;
}

/** query-migrate, the part that is read. Times in `ms`, sizes in `bytes`, `mbps` in megabits per second. */
export interface QmpMigrationInfo {
  readonly status?: QmpMigrationStatus;
  readonly "total-time"?: number;
  readonly downtime?: number;
  readonly "expected-downtime"?: number;
  readonly "setup-time"?: number;
  readonly "cpu-throttle-percentage"?: number;
  readonly "error-desc"?: string;
  readonly "blocked-reasons"?: readonly string[];
  readonly ram?: {
    readonly transferred: number;
    readonly remaining: number;
    readonly total: number;
    readonly mbps: number;
    readonly "dirty-pages-rate": number;
    readonly "dirty-sync-count": number;
    readonly "page-size": number;
  };
}

/** query-block-jobs, one job. `len` and `offset` in `bytes`. */
export interface QmpBlockJob {
  readonly device: string;
  readonly type: string;
  readonly len: number;
  readonly offset: number;
  readonly ready: boolean;
  readonly status: string;
  readonly error?: string;
}

/** What `yank` tears down: the migration's connections, or those of an NBD node. */
export type QmpYankInstance =
  | { readonly type: "migration" }
  | { readonly type: "block-node"; readonly "node-name": string };

interface Call<Args, Return> {
  readonly args: Args;
  readonly return: Return;
}
type Nothing = Readonly<Record<string, never>>;

/** Every command with its arguments and what it gives. */
export interface QmpCommands {
  readonly qmp_capabilities: Call<{ readonly enable?: readonly "oob"[] }, unknown>;
  readonly "query-status": Call<Nothing, { readonly status: QmpRunState; readonly running: boolean }>;
  readonly "query-uuid": Call<Nothing, { readonly UUID: string }>;
  readonly "query-version": Call<
    Nothing,
    { readonly qemu: { readonly major: number; readonly minor: number; readonly micro: number } }
  >;
  readonly "query-cpus-fast": Call<Nothing, readonly { readonly "cpu-index": number; readonly "thread-id": number }[]>;
  readonly cont: Call<Nothing, unknown>;
  readonly stop: Call<Nothing, unknown>;
  readonly quit: Call<Nothing, unknown>;
  readonly system_powerdown: Call<Nothing, unknown>;
  readonly system_reset: Call<Nothing, unknown>;
  readonly "set-action": Call<{ readonly shutdown: "poweroff" | "pause" }, unknown>;
  /** Takes a driver's own properties beside those that its schema names. */
  readonly device_add: Call<
    { readonly driver: string; readonly id: string; readonly bus: string } & Readonly<Record<string, unknown>>,
    unknown
  >;
  /** Asks the guest to let go; the device is gone when `qom-list` shows it no more. */
  readonly device_del: Call<{ readonly id: string }, unknown>;
  readonly "qom-list": Call<{ readonly path: string }, readonly { readonly name: string; readonly type: string }[]>;
  readonly "qom-get": Call<{ readonly path: string; readonly property: string }, unknown>;
  readonly "object-add": Call<
    {
      readonly "qom-type": "tls-creds-psk";
      readonly id: string;
      readonly dir: string;
      readonly endpoint: "client" | "server";
      readonly username?: string;
      readonly priority?: string;
    },
    unknown
  >;
  readonly "object-del": Call<{ readonly id: string }, unknown>;
  readonly "blockdev-add": Call<
    {
      readonly driver: "nbd";
      readonly "node-name": string;
      readonly server: QmpInetAddress & { readonly type: "inet" };
      readonly export: string;
      readonly "tls-creds"?: string;
      readonly discard?: "ignore" | "unmap";
      readonly "detect-zeroes"?: "off" | "on" | "unmap";
    },
    unknown
  >;
  readonly "blockdev-del": Call<{ readonly "node-name": string }, unknown>;
  readonly "blockdev-mirror": Call<
    {
      readonly "job-id": string;
      readonly device: string;
      readonly target: string;
      readonly sync: "full";
      readonly speed?: number;
      readonly "copy-mode"?: "background" | "write-blocking";
    },
    unknown
  >;
  readonly "block-job-cancel": Call<{ readonly device: string; readonly force?: boolean }, unknown>;
  /** bytes per second; 0 is no limit */
  readonly "block-job-set-speed": Call<{ readonly device: string; readonly speed: number }, unknown>;
  readonly "query-block-jobs": Call<Nothing, readonly QmpBlockJob[]>;
  readonly block_resize: Call<{ readonly "node-name": string; readonly size: number }, unknown>;
  readonly "nbd-server-start": Call<
    {
      readonly addr: { readonly type: "inet"; readonly data: QmpInetAddress };
      readonly "tls-creds"?: string;
      readonly "max-connections"?: number;
    },
    unknown
  >;
  readonly "nbd-server-stop": Call<Nothing, unknown>;
  readonly "block-export-add": Call<
    {
      readonly type: "nbd";
      readonly id: string;
      readonly "node-name": string;
      readonly name?: string;
      readonly writable?: boolean;
    },
    unknown
  >;
  readonly "block-export-del": Call<{ readonly id: string; readonly mode?: "safe" | "hard" }, unknown>;
  readonly "migrate-set-capabilities": Call<
    { readonly capabilities: readonly { readonly capability: QmpMigrationCapability; readonly state: boolean }[] },
    unknown
  >;
  readonly "query-migrate-capabilities": Call<
    Nothing,
    readonly { readonly capability: string; readonly state: boolean }[]
  >;
  readonly "migrate-set-parameters": Call<
    {
      /** bytes per second */
      readonly "max-bandwidth"?: number;
      /** `ms` */
      readonly "downtime-limit"?: number;
      readonly "multifd-channels"?: number;
      readonly "tls-creds"?: string;
      readonly "tls-hostname"?: string;
      /** percent of a processor's time */
      readonly "cpu-throttle-initial"?: number;
      readonly "cpu-throttle-increment"?: number;
      readonly "max-cpu-throttle"?: number;
    },
    unknown
  >;
  readonly migrate: Call<{ readonly uri: string; readonly resume?: boolean }, unknown>;
  readonly "migrate-incoming": Call<{ readonly uri: string; readonly "exit-on-error"?: boolean }, unknown>;
  readonly "migrate-continue": Call<{ readonly state: "pre-switchover" }, unknown>;
  readonly migrate_cancel: Call<Nothing, unknown>;
  readonly "migrate-pause": Call<Nothing, unknown>;
  readonly "query-migrate": Call<Nothing, QmpMigrationInfo>;
  readonly "announce-self": Call<
    { readonly initial: number; readonly max: number; readonly rounds: number; readonly step: number },
    unknown
  >;
  readonly yank: Call<{ readonly instances: readonly QmpYankInstance[] }, unknown>;
  readonly "query-yank": Call<Nothing, readonly QmpYankInstance[]>;
}

/** Name of a command. */
export type QmpCommandName = keyof QmpCommands;

/** Arguments of a command. */
export type QmpArguments<C extends QmpCommandName> = QmpCommands[C]["args"];

/** What follows a command's name in a call: its arguments, optional where it needs none, and the call's options. */
export type QmpCallRest<C extends QmpCommandName, Options> =
  Record<string, never> extends QmpArguments<C>
    ? [args?: QmpArguments<C>, options?: Options]
    : [args: QmpArguments<C>, options?: Options];

/** What a command gives. */
export type QmpReturn<C extends QmpCommandName> = QmpCommands[C]["return"];

/** Commands that QEMU executes out of band, also while its main loop is stuck (QAPI `allow-oob`). */
export type QmpOutOfBandName = "yank" | "migrate-pause";
