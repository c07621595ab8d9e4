// What we say to a monitor, held against what the oldest and the newest QEMU that we run understand. The table below is
// complete by its type: a command, argument or event that is added to the code does not compile here until it is listed.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type {
  QmpArguments,
  QmpCommandName,
  QmpMigrationCapability,
  QmpMigrationStatus,
  QmpOutOfBandName,
  QmpRunState,
} from "../../../provider/agent/qmp/commands";
import type { QmpEventData, QmpEventName } from "../../../provider/agent/qmp/events";

/** In every version, or from one on. */
type Availability = "always" | { readonly since: string };
type Known<T> = string extends keyof T ? never : Extract<keyof T, string>;

interface Recording {
  readonly version: string;
  readonly enums: Readonly<Record<"MigrationCapability" | "MigrationStatus" | "RunState", readonly string[]>>;
  readonly outOfBand: readonly string[];
  readonly commands: Readonly<Record<string, readonly string[]>>;
  readonly events: Readonly<Record<string, readonly string[]>>;
}

const always = "always" as const;

const commands: { readonly [C in QmpCommandName]: { readonly [A in Known<QmpArguments<C>>]-?: Availability } } = {
  qmp_capabilities: { enable: always },
  "query-status": {},
  "query-uuid": {},
  "query-version": {},
  "query-cpus-fast": {},
  cont: {},
  stop: {},
  quit: {},
  system_powerdown: {},
  system_reset: {},
  "set-action": { shutdown: always },
  device_add: {},
  device_del: { id: always },
  "qom-list": { path: always },
  "qom-get": { path: always, property: always },
  "object-add": { "qom-type": always, id: always, dir: always, endpoint: always, username: always, priority: always },
  "object-del": { id: always },
  "blockdev-add": {
    driver: always,
    "node-name": always,
    server: always,
    export: always,
    "tls-creds": always,
    discard: always,
    "detect-zeroes": always,
  },
  "blockdev-del": { "node-name": always },
  "blockdev-mirror": {
    "job-id": always,
    device: always,
    target: always,
    sync: always,
    speed: always,
    "copy-mode": always,
  },
  "block-job-cancel": { device: always, force: always },
  "block-job-set-speed": { device: always, speed: always },
  "query-block-jobs": {},
  block_resize: { "node-name": always, size: always },
  "nbd-server-start": { addr: always, "tls-creds": always, "max-connections": always },
  "nbd-server-stop": {},
  "block-export-add": { type: always, id: always, "node-name": always, name: always, writable: always },
  "block-export-del": { id: always, mode: always },
  "migrate-set-capabilities": { capabilities: always },
  "query-migrate-capabilities": {},
  "migrate-set-parameters": {
    "max-bandwidth": always,
    "downtime-limit": always,
    "multifd-channels": always,
    "tls-creds": always,
    "tls-hostname": always,
    "cpu-throttle-initial": always,
    "cpu-throttle-increment": always,
    "max-cpu-throttle": always,
  },
  migrate: { uri: always, resume: always },
  "migrate-incoming": { uri: always, "exit-on-error": { since: "10.0.2" } },
  "migrate-continue": { state: always },
  migrate_cancel: {},
  "migrate-pause": {},
  "query-migrate": {},
  "announce-self": { initial: always, max: always, rounds: always, step: always },
  yank: { instances: always },
  "query-yank": {},
};

type DataOf<E extends QmpEventName> = keyof { [K in keyof QmpEventData[E] as string extends K ? never : K]: true } &
  string;

const events: { readonly [E in QmpEventName]: readonly DataOf<E>[] } = {
  STOP: [],
  RESUME: [],
  RESET: ["guest", "reason"],
  POWERDOWN: [],
  SHUTDOWN: ["guest", "reason"],
  GUEST_PANICKED: ["action"],
  MIGRATION: ["status"],
  MIGRATION_PASS: ["pass"],
  BLOCK_JOB_READY: ["type", "device", "len", "offset", "speed"],
  BLOCK_JOB_COMPLETED: ["type", "device", "len", "offset", "speed", "error"],
  BLOCK_JOB_CANCELLED: ["type", "device", "len", "offset", "speed"],
  BLOCK_JOB_ERROR: ["device", "operation", "action"],
  BLOCK_IO_ERROR: ["device", "node-name", "operation", "action", "reason"],
  JOB_STATUS_CHANGE: ["id", "status"],
  BLOCK_EXPORT_DELETED: ["id"],
};

const capabilities: { readonly [C in QmpMigrationCapability]: true } = {
  events: true,
  "return-path": true,
  "pause-before-switchover": true,
  multifd: true,
  "auto-converge": true,
};

const statuses: { readonly [S in QmpMigrationStatus]: true } = {
  none: true,
  setup: true,
  cancelling: true,
  cancelled: true,
  active: true,
  "postcopy-active": true,
  "postcopy-paused": true,
  "postcopy-recover": true,
  completed: true,
  failed: true,
  colo: true,
  "pre-switchover": true,
  device: true,
  "wait-unplug": true,
};

const runStates: { readonly [S in QmpRunState]: true } = {
  debug: true,
  inmigrate: true,
  "internal-error": true,
  "io-error": true,
  paused: true,
  postmigrate: true,
  prelaunch: true,
  "finish-migrate": true,
  "restore-vm": true,
  running: true,
  "save-vm": true,
  shutdown: true,
  suspended: true,
  watchdog: true,
  "guest-panicked": true,
  colo: true,
};

const outOfBand: { readonly [C in QmpOutOfBandName]: true } = { yank: true, "migrate-pause": true };

const oldest = read("qmp-7.2.json");
const newest = read("qmp-10.0.json");

function read(name: string): Recording {
  return JSON.parse(readFileSync(join(__dirname, "../../recorded", name), "utf8")) as Recording;
}

describe.each([oldest, newest])("QEMU $version", (recording) => {
  test.each(Object.entries(commands))("understands %s with every argument that we send", (command, args) => {
    const wanted = Object.entries<Availability>(args).filter(([, when]) => when === "always" || recording === newest);
    expect(Object.keys(recording.commands)).toContain(command);
    expect(recording.commands[command]).toEqual(expect.arrayContaining(wanted.map(([name]) => name)));
  });

  test.each(Object.entries(events))("sends %s with every field that we read", (event, fields) => {
    expect(Object.keys(recording.events)).toContain(event);
    expect(recording.events[event]).toEqual(expect.arrayContaining([...fields]));
  });

  test("knows every capability and state that we name", () => {
    expect(recording.enums.MigrationCapability).toEqual(expect.arrayContaining(Object.keys(capabilities)));
    expect(recording.enums.MigrationStatus).toEqual(expect.arrayContaining(Object.keys(statuses)));
    expect(recording.enums.RunState).toEqual(expect.arrayContaining(Object.keys(runStates)));
  });

  test("takes out of band what we send out of band", () => {
    expect(recording.outOfBand).toEqual(expect.arrayContaining(Object.keys(outOfBand)));
  });
});

test("an argument that is marked as newer really is missing in the oldest QEMU", () => {
  for (const [command, args] of Object.entries(commands)) {
    const newer = Object.entries<Availability>(args).filter(([, when]) => when !== "always");
    for (const [name] of newer) expect(oldest.commands[command]).not.toContain(name);
  }
});
