// Where the agent keeps things on its host. State is on disk under `state`; what a boot may lose is under `run`.

/** Absolute folders and files of one host. */
export interface HostPaths {
  /** Records, keys, journal: always /var/lib/leea. */
  readonly state: string;
  /** Disks and images: `storagePath` of the MeshNode. Set once more when the host becomes a node, before anything is in it. */
  storage: string;
  /** Sockets and configs of what runs now. */
  readonly run: string;
  /** Sockets of the VMs' QEMUs; apart from `run`, which nobody but root may enter. */
  readonly vmRun: string;
  /** The agent's own socket. */
  readonly socket: string;
}

/** Where disks and images are unless the MeshNode says otherwise. */
export const defaultStoragePath = "/var/lib/leea";

/** The paths of a host whose disks are under `storage`. */
export function hostPaths(storage = defaultStoragePath): HostPaths {
  return { state: "/var/lib/leea", storage, run: "/run/leea", vmRun: "/run/leea-vm", socket: "/run/leea/agent.sock" };
}

/** Folder of one VM's durable files. */
export function vmFolder(paths: HostPaths, vmId: string): string {
  return `${paths.storage}/vm/${vmId}`;
}

/** Folder of a move's key, root's own, so that nothing can be put in its way; the file in it is the VM's user's. */
export function vmKeyFolder(paths: HostPaths, vmId: string, side: "client" | "server"): string {
  return `${paths.vmRun}/${vmId}.${side}-key`;
}

/** Folder of one VM's sockets. */
export function vmRunFolder(paths: HostPaths, vmId: string): string {
  return `${paths.vmRun}/${vmId}`;
}
