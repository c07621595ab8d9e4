// What the guest acknowledged, kept where no fault of its hosts reaches: a client on another host asks the guest all the
// time, and this process remembers. Compared with the image on the disk that is left.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { labNetworkArgv } from "../../../provider/cli/lab/lab";
import { checkImage, type LedgerCheck, type LedgerEntry } from "../../../provider/cli/story/ledger";
import { waitFor } from "../../e2e/world/wait-for";
import type { World } from "../../e2e/world/world";
import { findInCheckout } from "./find-in-checkout";

const askEveryMs = 250;

/** The observer of one guest. */
export class LedgerWatch {
  readonly #known = new Map<string, LedgerEntry>();
  readonly #child: ChildProcess;
  #asked = 0;
  #news = 0;

  constructor(world: World, observer: string, address: string) {
    const argv = [
      process.execPath,
      findInCheckout("tests", "faults", "world", "observe-ledger.mjs"),
      address,
      String(askEveryMs),
    ];
    const [program = "", ...rest] = labNetworkArgv(world.lab, observer, argv);
    this.#child = spawn(program, rest, { stdio: ["pipe", "pipe", "inherit"] });
    if (this.#child.stdout === null) throw new Error("the observer has no output");
    createInterface({ input: this.#child.stdout }).on("line", (line) => this.#take(line));
  }

  /** Blocks that the guest is known to have acknowledged, each at its latest. */
  entries(): readonly LedgerEntry[] {
    return [...this.#known.values()];
  }

  /** Waits until the guest has acknowledged `count` blocks more than are known now. */
  async waitForMore(count: number, limitMs = 30_000): Promise<void> {
    const goal = this.#news + count;
    await waitFor(`${count} more acknowledged blocks`, () => this.#news >= goal, limitMs);
  }

  /** Waits until the guest has been asked once more, whether it answers or not. */
  async waitForTurn(): Promise<void> {
    const goal = this.#asked + 2;
    await waitFor("the observer's next turn", () => this.#asked >= goal, 20_000);
  }

  /** Compares an image, whose guest may be writing, with what was acknowledged before the call. */
  async compare(imagePath: string, disk = 0): Promise<LedgerCheck> {
    const entries = this.entries();
    let check = await checkImage(imagePath, entries, disk);
    // A block that is being written at this moment may be read half old, half new; a lost one stays lost.
    for (let tries = 0; check.bad > 0 && tries < 3; tries += 1) check = await checkImage(imagePath, entries, disk);
    return check;
  }

  /** Ends the client. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, "exit");
    this.#child.stdin?.end();
    this.#child.kill("SIGTERM");
    await ended;
  }

  #take(line: string): void {
    if (line === "asked") this.#asked += 1;
    const [disk, lba, sequence] = line.split(" ").map(Number);
    if (disk === undefined || lba === undefined || sequence === undefined || Number.isNaN(sequence)) return;
    const known = this.#known.get(`${disk} ${lba}`);
    if (known !== undefined && known.sequence >= sequence) return;
    this.#known.set(`${disk} ${lba}`, { disk, lba, sequence });
    this.#news += 1;
  }
}
