// Fragment: the monitors and the serial console, each on a unix socket in the run folder, where only root and the VM's
// own user can reach them. -chardev takes no JSON: the folder was checked by `checkLaunch`.

import { type QemuLaunch, qemuSockets } from "./qemu-launch";

/** Three QMP monitors and the first serial port. What the guest prints while nobody reads is dropped. */
export function socketArguments(launch: QemuLaunch): readonly string[] {
  const sockets = qemuSockets(launch.runFolder);
  return [
    ...monitor("qmp", sockets.qmp),
    ...monitor("oob", sockets.oob),
    ...monitor("people", sockets.people),
    ...["-chardev", listen("console", sockets.console)],
    ...["-device", JSON.stringify({ driver: "isa-serial", id: "serial-0", chardev: "console", index: 0 })],
  ];
}

function monitor(id: string, path: string): readonly string[] {
  return ["-chardev", listen(id, path), "-mon", `chardev=${id},mode=control`];
}

function listen(id: string, path: string): string {
  return `socket,id=${id},path=${path},server=on,wait=off`;
}
