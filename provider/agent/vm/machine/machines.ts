// The QEMUs of this host that the agent holds a monitor of. What is not in here is not running, or does not answer.

import type { QmpClient } from "../../qmp/qmp-client";
import type { ProcessMark } from "../../system/system";

/** One live QEMU. `qmp` is the agent's monitor; the out-of-band one is opened where it is needed. */
export interface Machine {
  readonly vmId: string;
  readonly mark: ProcessMark;
  readonly qmp: QmpClient;
}

/** Live machines by VM. */
export class Machines {
  readonly #machines = new Map<string, Machine>();

  /** The live machine of a VM. */
  get(vmId: string): Machine | undefined {
    return this.#machines.get(vmId);
  }

  /** Takes a machine; it leaves by itself when its monitor closes. */
  attach(machine: Machine, onEnd: (machine: Machine) => void): void {
    this.#machines.set(machine.vmId, machine);
    void machine.qmp.closed.then(() => {
      if (this.#machines.get(machine.vmId) === machine) this.#machines.delete(machine.vmId);
      onEnd(machine);
    });
  }

  /** Forgets a machine that was ended on purpose. */
  detach(vmId: string): void {
    this.#machines.delete(vmId);
  }
}
