// Makes a root of packages the host that tests log in to: its keys, its network, its first words, and no service that
// nobody asked for.

import { chmodSync, copyFileSync, globSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { runOrFail } from "../../run-command.mjs";

const FILES = join(dirname(fileURLToPath(import.meta.url)), "files");
const UNITS = "etc/systemd/system";

/** Nobody sits at its consoles, and a login would want a message bus. */
const MASKED = ["getty.target", "systemd-logind.service"];

/**
 * Configures `root`. Afterwards `folder` holds what a test logs in with: `identity` (a private key) and `host-key.pub`.
 * `node` is the program that the host's agent runs on.
 */
export async function configureRoot(root, { folder, node }) {
  const inRoot = (path) => join(root, path);
  const put = (name, path, mode) => {
    mkdirSync(dirname(inRoot(path)), { recursive: true });
    copyFileSync(join(FILES, name), inRoot(path));
    chmodSync(inRoot(path), mode);
  };
  await putKeys(inRoot, folder);
  put("sshd.conf", "etc/ssh/sshd_config.d/gpu-host.conf", 0o644);
  put("gpu-host-network", "usr/local/sbin/gpu-host-network", 0o755);
  putUnits(inRoot, put);
  copyFileSync(node, inRoot("usr/local/bin/node"));
  chmodSync(inRoot("usr/local/bin/node"), 0o755);
  // An empty machine-id is filled at each host's first boot: no two hosts are the same machine.
  for (const path of ["etc/machine-id", "etc/fstab"]) writeFileSync(inRoot(path), "");
  writeFileSync(inRoot("etc/hostname"), "gpu-host\n");
  // The name server of QEMU's user networking, in place of the one of the machine that the image was made on.
  writeFileSync(inRoot("etc/resolv.conf"), "nameserver 10.0.2.3\n");
}

async function putKeys(inRoot, folder) {
  for (const path of globSync("etc/ssh/ssh_host_*", { cwd: inRoot("") })) rmSync(inRoot(path));
  await makeKey(inRoot("etc/ssh/ssh_host_ed25519_key"), "gpu-host");
  copyFileSync(inRoot("etc/ssh/ssh_host_ed25519_key.pub"), join(folder, "host-key.pub"));
  await makeKey(join(folder, "identity"), "gpu-host-test");
  mkdirSync(inRoot("root/.ssh"), { mode: 0o700, recursive: true });
  copyFileSync(join(folder, "identity.pub"), inRoot("root/.ssh/authorized_keys"));
  chmodSync(inRoot("root/.ssh/authorized_keys"), 0o600);
}

async function makeKey(file, comment) {
  await runOrFail("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", comment, "-f", file]);
}

// What packages enabled for themselves (timers, BIRD) goes; SSH and the two of ours stay.
function putUnits(inRoot, put) {
  for (const wants of globSync(`${UNITS}/*.wants`, { cwd: inRoot("") })) rmSync(inRoot(wants), { recursive: true });
  const wanted = inRoot(`${UNITS}/multi-user.target.wants`);
  mkdirSync(wanted);
  symlinkSync("/lib/systemd/system/ssh.service", join(wanted, "ssh.service"));
  for (const unit of ["gpu-host-network.service", "gpu-host-ready.service"]) {
    put(unit, `${UNITS}/${unit}`, 0o644);
    symlinkSync(`../${unit}`, join(wanted, unit));
  }
  for (const unit of MASKED) symlinkSync("/dev/null", inRoot(`${UNITS}/${unit}`));
}
