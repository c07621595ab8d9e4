// A libvirtd on a host of the lab: its own configuration, no security driver, no cgroups, listening on TCP without a
// password, which is libvirt at its quickest. Ends with its host.

import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { appendFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { LeeaError } from "../../../model/errors";
import { labExecArgv } from "../../lab/lab";
import { type CommandResult, tryCommand } from "../../lab/machine/run-command";
import { pathIn, type World } from "../rig/world";

const startDeadlineMs = 60_000;

const daemonSettings = (): string => `listen_tls = 0
listen_tcp = 1
auth_tcp = "none"
host_uuid = "${randomUUID()}"
`;

/** Streams use the end of the range that leea's packet filter lets in on the mesh. */
const qemuSettings = `security_driver = "none"
namespaces = []
cgroup_controllers = []
stdio_handler = "file"
user = "root"
group = "root"
dynamic_ownership = 0
migration_port_min = 51760
migration_port_max = 51780
`;

/** Whether libvirt was set up for this run. */
export function hasLibvirt(): boolean {
  return (process.env["LEEA_BENCH_PEERS"] ?? "").split(",").includes("libvirt");
}

/** Starts libvirtd on a host and waits until it answers. Error: TIMED_OUT. */
export async function startLibvirt(world: World, host: string): Promise<void> {
  const folder = pathIn(world, host, "/etc/libvirt");
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/bench-libvirtd.conf`, daemonSettings());
  writeFileSync(`${folder}/qemu.conf`, qemuSettings);
  // libvirt looks for this user before it reads that it is to use another one; Debian makes it with the service's package.
  appendFileSync(pathIn(world, host, "/etc/passwd"), "libvirt-qemu:x:64055:64055::/:/bin/false\n");
  appendFileSync(pathIn(world, host, "/etc/group"), "libvirt-qemu:x:64055:\n");
  const words = ["libvirtd", "--listen", "--config", "/etc/libvirt/bench-libvirtd.conf"];
  const [program = "", ...args] = labExecArgv(world.lab, host, words);
  spawn(program, args, { stdio: "ignore", detached: true }).unref();
  const deadline = performance.now() + startDeadlineMs;
  while (
    !existsSync(pathIn(world, host, "/run/libvirt/libvirt-sock")) ||
    (await virshQuietly(world, host, ["version"])).status !== 0
  ) {
    if (performance.now() > deadline)
      throw new LeeaError({ code: "TIMED_OUT", message: `libvirtd on ${host} does not answer` });
    await wait(100);
  }
}

/** Runs virsh on a host. Error: COMMAND_FAILED with virsh's words. */
export async function virsh(world: World, host: string, args: readonly string[]): Promise<string> {
  const result = await virshQuietly(world, host, args);
  if (result.status === 0) return result.output;
  const said = result.errorOutput.trim();
  throw new LeeaError({ code: "COMMAND_FAILED", message: `virsh ${args.join(" ")} on ${host}: ${said}` });
}

function virshQuietly(world: World, host: string, args: readonly string[]): Promise<CommandResult> {
  return tryCommand(labExecArgv(world.lab, host, ["virsh", "--connect", "qemu:///system", ...args]));
}
