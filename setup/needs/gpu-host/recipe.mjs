// What the emulated GPU host is made of. Data only: whatever changes here makes a new image.

/** Debian packages on the host: what systemd, SSH, the agent and its VMs need, and the tools that tests look with. */
export const HOST_PACKAGES = [
  "bird2",
  "dnsmasq-base",
  "iproute2",
  "iputils-ping",
  "kmod",
  "nftables",
  "nvme-cli",
  "openssh-server",
  "pciutils",
  "procps",
  "qemu-system-x86",
  "qemu-utils",
  "systemd-sysv",
  "udev",
  "wireguard-tools",
];

/** Taken from the backports suite where the system has one: a QEMU that moves guests under software emulation. */
export const BACKPORTED = ["qemu-system-x86", "qemu-system-common", "qemu-system-data", "qemu-utils", "seabios"];

/** What the disk needs before the root is there. crc32c is asked for by ext4 without being a dependency of it. */
export const BOOT_MODULES = ["virtio_pci", "virtio_blk", "crc32c_generic", "crc32c_intel", "ext4"];

/** Modules of the kernel package that the host keeps, with all that they depend on; some kernels have some built in. */
export const HOST_MODULES = [
  ...BOOT_MODULES,
  ...[
    "virtio_net",
    "virtio_rng",
    "virtio_balloon",
    "virtio_console",
    "virtio_gpu",
    "tun",
    "vhost_net",
    "veth",
    "bridge",
  ],
  ...["wireguard", "vxlan", "vfio", "vfio_pci", "vfio_iommu_type1", "mdev", "pci_stub", "nvme", "igb", "igbvf"],
  ...["bochs", "snd_hda_intel", "snd_hda_codec_generic", "ahci", "loop", "nbd", "overlay", "dm_thin_pool"],
];

/** Folders of which the host keeps every module: which ones a rule set needs is the packet filter's own business. */
export const HOST_MODULE_FOLDERS = /\/kernel\/net\/(netfilter|ipv4\/netfilter|ipv6\/netfilter|bridge)\//;

/** Samples of the kernel's own source that stand in for mediated GPUs. */
export const MDEV_SAMPLES = ["mtty", "mdpy", "mbochs"];

/** Size of the root file system. The file is sparse. */
export const IMAGE_MIB = 4096;
