// Gives each lab of this machine a number of its own, 0 to 9, which its subnet and its interface carry.
// A number is only given or freed under the machine's lock.

import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { LeeaError } from "../../../model/errors";
import { machineStateDirectory, withMachineLock } from "./machine-lock";

const slots = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] as const;

/** The name of the machine's own interface into the lab with this number. */
export function uplinkInterface(slot: number): string {
  return `leea-lab${slot}`;
}

/** The number that the lab in `directory` has, or undefined. */
export function findSlot(directory: string): number | undefined {
  return slots.find((slot) => readOwner(slot) === directory);
}

/** Gives the lab in `directory` its number, a new one if it had none. Throws LAB_FAILED when all ten are taken. */
export function takeSlot(directory: string): Promise<number> {
  return withMachineLock(async () => claimAnySlot(directory));
}

/** Frees the number of the lab in `directory`. */
export function freeSlot(directory: string): Promise<void> {
  return withMachineLock(async () => {
    const slot = findSlot(directory);
    if (slot !== undefined) rmSync(slotFile(slot), { force: true });
  });
}

function claimAnySlot(directory: string): number {
  const present = findSlot(directory);
  if (present !== undefined) return present;
  mkdirSync(machineStateDirectory, { recursive: true });
  for (const slot of slots) {
    // An interface without an owner is someone else's: leave it alone and take another number.
    if (existsSync(`/sys/class/net/${uplinkInterface(slot)}`)) continue;
    if (claimSlot(slot, directory)) return slot;
  }
  throw new LeeaError({
    code: "LAB_FAILED",
    message: "Unable to make one more lab: this machine has ten already",
    hint: "End one with `leea lab down --name NAME`.",
    details: { owners: slots.map(readOwner) },
  });
}

function claimSlot(slot: number, directory: string): boolean {
  const owner = readOwner(slot);
  // A lab whose folder is gone cannot be named any more; its number is free once its interface is.
  if (owner !== undefined && existsSync(owner)) return false;
  rmSync(slotFile(slot), { force: true });
  const draft = `${slotFile(slot)}.${process.pid}`;
  writeFileSync(draft, directory);
  try {
    linkSync(draft, slotFile(slot));
    return true;
  } finally {
    rmSync(draft);
  }
}

function readOwner(slot: number): string | undefined {
  return existsSync(slotFile(slot)) ? readFileSync(slotFile(slot), "utf8") : undefined;
}

function slotFile(slot: number): string {
  return `${machineStateDirectory}/slot-${slot}`;
}
