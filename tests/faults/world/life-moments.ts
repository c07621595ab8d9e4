// The points of a create and of a delete at which an agent can die: what it has just made durable, started or removed,
// seen on the host's disk and in its processes at the moment at which it happens.

import { existsSync, type FSWatcher, mkdirSync, readFileSync, watch } from "node:fs";
import type { World } from "../../e2e/world/world";
import type { CopiesWatch } from "../watch/copies-watch";

/** Points of a create, in order: operation kept, record kept, disk made, QEMU started, its mark kept, guest let go. */
export const createPoints = ["journal", "record", "disk", "born", "mark", "resumed"] as const;

/** Points of a delete, in order: operation kept, tombstone kept, QEMU gone, disk gone. */
export const deletePoints = ["journal", "tombstone", "died", "disk-gone"] as const;

/** A point of either; `upload` is passed by a create that has an image to send. */
export type LifePoint = "upload" | (typeof createPoints)[number] | (typeof deletePoints)[number];

/** Calls back at each point once. */
export class LifeMoments {
  readonly passed: LifePoint[] = [];
  readonly #watchers: FSWatcher[] = [];
  readonly #copies: CopiesWatch;
  readonly #onPoint: (point: LifePoint) => void;

  constructor(
    { world, host, vmId, copies }: { world: World; host: string; vmId: string; copies: CopiesWatch },
    onPoint: (point: LifePoint) => void,
  ) {
    this.#copies = copies;
    this.#onPoint = onPoint;
    const state = `/proc/${world.lab.hosts.find(({ name }) => name === host)?.pid}/root/var/lib/leea`;
    copies.onNews = ({ event }) => this.#hear(event.name);
    this.#watch(`${state}/journal`, (name) => this.#pass("journal", name.endsWith(".json")));
    this.#watch(`${state}/records`, () => this.#readRecord(`${state}/records/${vmId}.json`));
    this.#watch(`${state}/images`, (name) => this.#pass("upload", name.endsWith(".part")));
    this.#watch(`${state}/vm`, () => this.#lookAtDisks(`${state}/vm/${vmId}`));
  }

  /** Hears no more. */
  stop(): void {
    this.#copies.onNews = () => undefined;
    for (const watcher of this.#watchers) watcher.close();
  }

  #hear(event: string): void {
    this.#pass("born", event === "BORN");
    this.#pass("resumed", event === "RESUME");
    this.#pass("died", event === "DIED");
  }

  #readRecord(file: string): void {
    const record = readJson(file);
    this.#pass("record", record["role"] === "owner" && record["qemu"] === undefined);
    this.#pass("mark", record["role"] === "owner" && record["qemu"] !== undefined);
    this.#pass("tombstone", record["role"] === "deleted");
  }

  #lookAtDisks(folder: string): void {
    const isThere = existsSync(folder);
    this.#pass("disk", isThere);
    this.#pass("disk-gone", !isThere);
  }

  #pass(point: LifePoint, isReached: boolean): void {
    if (!isReached || this.passed.includes(point)) return;
    this.passed.push(point);
    this.#onPoint(point);
  }

  #watch(folder: string, look: (name: string) => void): void {
    mkdirSync(folder, { recursive: true, mode: 0o711 });
    const watcher = watch(folder, (_change, name) => look(name ?? ""));
    watcher.on("error", () => undefined); // the folder was removed
    this.#watchers.push(watcher);
  }
}

function readJson(file: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
  } catch {
    return {}; // not there yet, or any more
  }
}
