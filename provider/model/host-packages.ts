// Which programs a host needs, and the package that holds each, by package manager. Data and lookups only.

/** A program that a part of leea runs on the host. */
export interface NeededProgram {
  readonly program: string;
  readonly neededFor: string;
  /** Package by package manager. */
  readonly packages: Readonly<Record<PackageManager, string>>;
}

/** Package managers whose names we know. */
export type PackageManager = "apt" | "dnf" | "zypper" | "pacman";

/** Everything that a node runs. QEMU first: it is the one that people ask about. */
export const neededPrograms: readonly NeededProgram[] = [
  {
    program: "qemu-system-x86_64",
    neededFor: "running VMs",
    packages: { apt: "qemu-system-x86", dnf: "qemu-system-x86-core", zypper: "qemu-x86", pacman: "qemu-system-x86" },
  },
  {
    program: "qemu-img",
    neededFor: "importing images",
    packages: { apt: "qemu-utils", dnf: "qemu-img", zypper: "qemu-img", pacman: "qemu-img" },
  },
  {
    program: "bird",
    neededFor: "routing in the mesh",
    packages: { apt: "bird2", dnf: "bird", zypper: "bird", pacman: "bird" },
  },
  {
    program: "wg",
    neededFor: "links of the mesh",
    packages: { apt: "wireguard-tools", dnf: "wireguard-tools", zypper: "wireguard-tools", pacman: "wireguard-tools" },
  },
  {
    program: "dnsmasq",
    neededFor: "guests' DHCP and DNS",
    packages: { apt: "dnsmasq-base", dnf: "dnsmasq", zypper: "dnsmasq", pacman: "dnsmasq" },
  },
  {
    program: "nft",
    neededFor: "the packet filter",
    packages: { apt: "nftables", dnf: "nftables", zypper: "nftables", pacman: "nftables" },
  },
  {
    program: "ip",
    neededFor: "interfaces and routes",
    packages: { apt: "iproute2", dnf: "iproute", zypper: "iproute2", pacman: "iproute2" },
  },
  {
    program: "setpriv",
    neededFor: "running QEMU without rights",
    packages: { apt: "util-linux", dnf: "util-linux", zypper: "util-linux", pacman: "util-linux" },
  },
];

/** Services that a package brings and that we never want started or enabled: we run the programs with our own config. */
export const unwantedServices: Readonly<Record<string, readonly string[]>> = {
  bird2: ["bird.service"],
  bird: ["bird.service"],
  dnsmasq: ["dnsmasq.service"],
  nftables: ["nftables.service"],
};

/** The line that installs packages, for a person. */
export function installLine(manager: PackageManager | undefined, packages: readonly string[]): string {
  const names = packages.join(" ");
  if (manager === "apt") return `apt-get install --no-install-recommends ${names}`;
  if (manager === "dnf") return `dnf install ${names}`;
  if (manager === "zypper") return `zypper install --no-recommends ${names}`;
  if (manager === "pacman") return `pacman -S ${names}`;
  return `install: ${names}`;
}
