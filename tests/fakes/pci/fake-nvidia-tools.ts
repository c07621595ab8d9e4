// NVIDIA's programs on a fake host, as their guide and reports have them: sriov-manage takes all VFs of one card on and off, and
// asks for a lock that a monitoring program may hold; nvidia-smi sets and tells whether types of several sizes may mix, which
// holds until the VFs go, and is refused once a VF has a type.

import type { FakePciHost } from "./fake-pci-host";

/** The programs of one host. `ran` is the host's own list. */
export class FakeNvidiaTools {
  /** How many times more the lock is refused. */
  lockedTimes = 0;
  /** sriov-manage ends well and makes nothing. */
  isIdle = false;
  /** nvidia-smi ends well and sets nothing. */
  isDeaf = false;
  /** It has no such command. */
  isOld = false;
  private readonly host: FakePciHost;

  constructor(host: FakePciHost) {
    this.host = host;
    host.system.put("/usr/lib/nvidia/sriov-manage", "#!/bin/bash\n", 0o755);
    host.system.programs.set("/usr/lib/nvidia/sriov-manage", (argv) => this.manage(argv[1] ?? "", argv[2] ?? ""));
    host.system.programs.set("nvidia-smi", (argv) => this.smi(argv.slice(1)));
  }

  private manage(order: string, address: string): object | Promise<object> {
    const card = this.host.functions.get(address);
    if (card?.sriov === undefined || !["-e", "-d"].includes(order)) return { exitCode: 1, stderr: `Invalid device\n` };
    if (this.lockedTimes > 0) {
      this.lockedTimes -= 1;
      return { exitCode: 1, stderr: `Cannot obtain unbindLock for ${address}\n` };
    }
    if (this.isIdle) return { stdout: `Enabling VFs on ${address}\n` };
    this.host.vgpus.mixed.delete(address);
    return this.host.vfs.set(card, order === "-e" ? card.sriov.total : 0);
  }

  private smi(words: readonly string[]): object {
    const address = words.at(words.indexOf("-i") + 1) ?? "";
    const card = this.host.functions.get(address);
    if (card === undefined) return { exitCode: 6, stdout: "No devices were found\n" };
    if (words[0] === "-q") {
      const mode = this.host.vgpus.mixed.has(address) ? "Enabled" : "Disabled";
      return {
        stdout: `GPU ${address}\n    Host VGPU Mode                    : SR-IOV\n    vGPU Heterogeneous Mode           : ${mode}\n`,
      };
    }
    if (this.isOld || words.join(" ") !== `vgpu -shm 1 -i ${address}`)
      return { exitCode: 1, stdout: "Invalid combination of input arguments. Please run 'nvidia-smi -h' for help.\n" };
    if (card.vfs.some((vf) => this.host.vgpus.typeOf(vf) !== undefined))
      return { exitCode: 19, stdout: "Unable to set vGPU heterogeneous mode: In use by another client\n" };
    if (!this.isDeaf) this.host.vgpus.allowMixed(address);
    return {};
  }
}
