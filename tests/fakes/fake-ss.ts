// ss(8) of a fake host, as far as the agent uses it: lists TCP connections with their processes, and breaks one by its ends.

import type { FakeSystem } from "./fake-system";

/** A connection that a process of the host holds, and what the kernel's end of it does to that process. */
export interface FakeConnection {
  readonly pid: number;
  readonly local: string;
  readonly peer: string;
  breakOff(): void;
}

/** Gives the host the program. `listConnections` is asked at each run. */
export function giveSs(system: FakeSystem, listConnections: () => readonly FakeConnection[]): void {
  system.programs.set("ss", (argv) => {
    const [local, peer] = [after(argv, "src"), after(argv, "dst")];
    const meant = listConnections().filter(
      (each) => local === undefined || (each.local === local && each.peer === peer),
    );
    if (argv.includes("-K")) for (const connection of meant) connection.breakOff();
    const lines = meant.map((each) => `SYN-SENT 0 1 ${each.local} ${each.peer} users:(("qemu",pid=${each.pid},fd=11))`);
    return { stdout: lines.map((line) => `${line}\n`).join("") };
  });
}

function after(argv: readonly string[], word: string): string | undefined {
  return argv.includes(word) ? argv[argv.indexOf(word) + 1] : undefined;
}
