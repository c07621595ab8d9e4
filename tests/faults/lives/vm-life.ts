// A cheap VM of one host that is created and deleted again and again under one name, so that what it leaves can be compared
// with what it leaves when nothing dies.

import { createHash, randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { KnownState, Values } from "../../../provider/controller/handlers/handler-context";
import { vmHandler } from "../../../provider/controller/handlers/vm";
import { deriveVmId } from "../../../provider/model/inputs/vm-id";
import { checkVm, declareVm, listVmTraces } from "../../e2e/trouble/trouble-rig";
import { findTraces } from "../../e2e/world/vm-traces";
import { waitFor } from "../../e2e/world/wait-for";
import { owner, type World } from "../../e2e/world/world";
import { CopiesWatch } from "../watch/copies-watch";

const imageBytes = 4 * 2 ** 20;

/** A VM whose disk is filled from an image; `writeImage` makes another one, which the host lacks. */
export function vmWithImage(world: World, host: string): { readonly vm: VmLife; readonly writeImage: () => void } {
  const image = join(world.lab.directory, "disk.img");
  const vm = new VmLife(world, host, "web", { disks: [{ name: "root", size: "4MiB", image }] });
  return { vm, writeImage: () => writeFileSync(image, randomBytes(imageBytes)) };
}

/** The VM. */
export class VmLife {
  readonly world: World;
  readonly host: string;
  readonly name: string;
  readonly id: string;
  readonly fields: Values;
  readonly #watches = new Set<CopiesWatch>();

  constructor(world: World, host: string, name: string, fields: Values = {}) {
    this.world = world;
    this.host = host;
    this.name = name;
    this.fields = fields;
    this.id = deriveVmId(owner, name, (text) => createHash("sha256").update(text).digest());
  }

  /** Its checked inputs. */
  inputs(): Promise<Values> {
    return checkVm(this.world, declareVm(this.world, this.name, this.host, this.fields));
  }

  /** What an engine does that knows nothing of it. */
  async create(): Promise<KnownState> {
    const inputs = await this.inputs();
    const { id, outputs } = await vmHandler.create(inputs, this.world.context, () => undefined);
    expect(id).toBe(this.id);
    return { inputs, outputs };
  }

  /** What an engine does that knows it. */
  delete(known: KnownState): Promise<void> {
    return vmHandler.delete(this.id, known, this.world.context);
  }

  /** A watch of all its QEMUs. A QEMU talks to one watch at a time. */
  watch(): CopiesWatch {
    const copies = new CopiesWatch(this.id, () => this.world.lab);
    this.#watches.add(copies);
    return copies;
  }

  /** Ends every watch, and takes away what a test left that failed. */
  async clear(): Promise<void> {
    for (const copies of this.#watches) copies.stop();
    this.#watches.clear();
    await this.delete({ inputs: await this.inputs(), outputs: {} });
  }

  /** What is on its host of it, one line each, without what differs between two of its lives: pids, and how links are. */
  async describe({ outputs }: KnownState): Promise<readonly string[]> {
    const address = String(outputs["address"]);
    const lines = await findTraces({ world: this.world, id: this.id, outputs: { address } }, this.host);
    const shorten = (line: string): string =>
      line.replace(/^(qemu|dnsmasq): +[0-9]+/, "$1:").replace(/^link: +[0-9]+: ([^:]+):.*/, "link: $1");
    return lines.map(shorten).sort();
  }

  /** The next run of its create: it runs, as the only one that the watch has seen run. Ends the watch. */
  async expectMadeWhole(copies: CopiesWatch): Promise<KnownState> {
    const known = await this.create();
    expect(known.outputs).toMatchObject({ state: "running" });
    await this.#expectOneRunning(copies);
    copies.stop();
    return known;
  }

  async #expectOneRunning(copies: CopiesWatch): Promise<void> {
    await waitFor("the one QEMU", () => copies.living().some(({ status }) => status === "running"));
    expect(copies.living()).toHaveLength(1);
    expect(copies.findDoubleRuns()).toEqual([]);
    expect(copies.flaws).toEqual([]);
  }

  /** Expects that nothing of it, and nothing half made, is on its host. */
  async expectNothing(known: KnownState): Promise<void> {
    expect(await listVmTraces(this.world, this.host)).toBe("");
    expect(await this.describe(known)).toEqual([]);
  }
}
