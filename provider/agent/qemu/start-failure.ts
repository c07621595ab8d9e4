// Turns QEMU's last words at a failed start into an error with the step that mends it.

import { LeeaError } from "../../model/errors";
import { gpuTroubles } from "../../model/gpu/refusal/gpu-trouble";
import { explainVfioStart } from "../../model/gpu/refusal/vfio-start";

const maxLogLength = 2_000;

const hints: readonly (readonly [pattern: RegExp, hint: string])[] = [
  [/\/dev\/net\/tun.*Permission denied/i, "Let every user open /dev/net/tun, as udev does: `chmod 0666 /dev/net/tun`."],
  [
    /could not configure \/dev\/net\/tun|Operation not permitted.*tun/i,
    "The tap belongs to another user; run again, it is made anew.",
  ],
  [
    /O_DIRECT|does not support.*direct/i,
    "The storage path's file system cannot bypass the page cache; choose a storagePath on ext4, XFS or Btrfs.",
  ],
  [
    /Failed to get "write" lock|Failed to get shared/i,
    "Another QEMU holds the disk; look for `qemu-system` processes on this host that no VM of yours owns.",
  ],
  [
    /doesn't support requested feature/i,
    "This host's processor lacks what the VM's CPU model names; move the VM elsewhere or choose cpu: host.",
  ],
  [
    /unsupported machine type|Use -machine help/i,
    "This host's QEMU does not know the VM's machine type; install a newer QEMU.",
  ],
  [
    /Cannot allocate memory|cannot set up guest memory/i,
    "The host has too little free memory; choose a smaller VM or another host.",
  ],
  [
    /kvm.*Permission denied|failed to initialize kvm/i,
    "The VM's user may not use /dev/kvm: `chgrp kvm /dev/kvm; chmod 660 /dev/kvm`.",
  ],
];

/** START_FAILED with the end of QEMU's log in details.log and its last line in the message; a passed device's trouble by its name. */
export function startFailure(vmId: string, log: string): LeeaError {
  const words = log.trim();
  const refusal = explainVfioStart(words);
  if (refusal !== undefined)
    return new LeeaError({
      code: "START_FAILED",
      message: `Unable to start QEMU for VM ${vmId}: ${refusal.message}`,
      hint: gpuTroubles[refusal.trouble].hint,
      details: { log: words.slice(-maxLogLength), trouble: refusal.trouble },
    });
  const lastLine =
    words
      .split("\n")
      .at(-1)
      ?.replace(/^\S+Z /, "") ?? "";
  const hint =
    hints.find(([pattern]) => pattern.test(words))?.[1] ?? "The text is QEMU's own; mend what it names and run again.";
  return new LeeaError({
    code: "START_FAILED",
    message: `Unable to start QEMU for VM ${vmId}: ${lastLine === "" ? "it gave no reason" : lastLine}`,
    hint,
    details: { log: words.slice(-maxLogLength) },
  });
}
