// What the parts of a fake PCI host know of it: the functions that are plugged in, the host's files, who holds a node.

import type { FakeSystem } from "../fake-system";
import type { FakeFunction } from "./fake-card";

/** A function that is plugged in. */
export interface Plugged extends FakeFunction {
  driver?: string;
  override: string;
  autoprobe: string;
  vfs: string[];
  readonly physicalFunction?: string;
}

/** The errors of the kernel's that writes give. */
export type KernelError =
  | "EACCES"
  | "EBUSY"
  | "EEXIST"
  | "EINVAL"
  | "EIO"
  | "ENODEV"
  | "ENOENT"
  | "ENOSPC"
  | "EPERM"
  | "ERANGE"
  | "EUSERS";

/** The bus as its parts see it. */
export interface FakeBus {
  readonly system: FakeSystem;
  readonly functions: ReadonlyMap<string, Plugged>;
  /** Ends a write with an error. */
  refuse(path: string, error: KernelError): { exitCode: number; stderr: string };
  /** Runs the write now, or once nobody holds the node any more. */
  whenFree(node: string | undefined, device: string, act: () => void): Promise<object>;
  /** True while a program has the node open. */
  isHeld(node: string): boolean;
  /** How many nodes programs have open. */
  countHeld(): number;
  /** The node of the function's group. */
  nodeOf(address: string): string | undefined;
  /** Puts a file of a function there. */
  setFile(address: string, file: string, text: string, mode?: number): void;
}
