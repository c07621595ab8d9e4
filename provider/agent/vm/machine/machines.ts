// The QEMUs of this host that the agent holds a monitor of. What is not in here is not running, or does not answer.

import type { FollowedConsole } from "../../qemu/follow-console";
import type { QmpClient } from "../../qmp/qmp-client";
import type { ProcessMark } from "../../system/system";

/** One live QEMU. `qmp` is the agent's monitor; the out-of-band one is opened where it is needed. */
export interface Machine {
  readonly vmId: string;
  readonly mark: ProcessMark;
  readonly qmp: QmpClient;
  /** Its serial console, once the agent has adopted it. */
  readonly console?: FollowedConsole;
}

/** A machine that ended by itself. `byGuest`: the guest powered off in order (QAPI SHUTDOWN, guest-shutdown). */
export interface EndedMachine extends Machine {
  readonly byGuest: boolean;
}

/** How a guest came to stand for good while its QEMU lives on (-action shutdown=pause). */
export type Halt = "powered-off" | "panicked";

/** Live machines by VM. */
export class Machines {
  readonly #machines = new Map<string, Machine>();
  #onEnd: (ended: EndedMachine) => void = () => undefined;
  #onHalt: (machine: Machine, halt: Halt) => void = () => undefined;

  /** The live machine of a VM. */
  get(vmId: string): Machine | undefined {
    return this.#machines.get(vmId);
  }

  /** Calls back when a machine ended by itself; one that was detached before is not told. */
  onEnd(callback: (ended: EndedMachine) => void): void {
    this.#onEnd = callback;
  }

  /** Calls back when the guest of a machine powered itself off or panicked; its QEMU stands still and waits. */
  onHalt(callback: (machine: Machine, halt: Halt) => void): void {
    this.#onHalt = callback;
  }

  /** Takes a machine; it leaves by itself when its monitor closes. */
  attach(machine: Machine): void {
    this.#machines.set(machine.vmId, machine);
    let byGuest = false;
    machine.qmp.onEvent((event) => {
      // The first word counts: our own `quit` afterwards is told as well.
      if (event.event === "SHUTDOWN" && !byGuest) {
        byGuest = event.data.reason === "guest-shutdown";
        if (byGuest && this.#machines.get(machine.vmId) === machine) this.#onHalt(machine, "powered-off");
      }
      if (event.event === "GUEST_PANICKED" && this.#machines.get(machine.vmId) === machine)
        this.#onHalt(machine, "panicked");
    });
    void machine.qmp.closed.then(() => {
      if (this.#machines.get(machine.vmId) !== machine) return;
      this.#machines.delete(machine.vmId);
      this.#onEnd({ ...machine, byGuest });
    });
  }

  /** Forgets a machine that was ended on purpose. */
  detach(vmId: string): void {
    this.#machines.delete(vmId);
  }
}
