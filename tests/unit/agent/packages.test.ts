// Missing programs: which they are, and that installing them starts no service and leaves nothing behind.

import { findMissingPackages } from "../../../provider/agent/node/find-missing-packages";
import { installPackages } from "../../../provider/agent/node/install-packages";
import { readNodeSettings } from "../../../provider/agent/node/node-settings";
import { neededPrograms } from "../../../provider/model/host-packages";
import { type FakeHostAgent, fakeHostAgent } from "../../fakes/fake-host-agent";

const policyPath = "/usr/sbin/policy-rc.d";
const work = { operationId: "setup-000001", signal: new AbortController().signal, report: () => undefined };
let host: FakeHostAgent;
/** What policy-rc.d said while apt-get ran. */
let policies: (string | undefined)[];

beforeEach(() => {
  host = fakeHostAgent();
  policies = [];
  host.system.put("/usr/bin/apt-get", "", 0o755);
  host.system.put("/sys/module/wireguard/x", "");
  for (const { program } of neededPrograms) host.system.put(`/usr/bin/${program}`, "", 0o755);
  host.system.programs.set("apt-get", (argv) => {
    policies.push(host.system.text(policyPath));
    if (argv[1] === "install")
      for (const { program } of neededPrograms) host.system.put(`/usr/bin/${program}`, "", 0o755);
    return {};
  });
});

const lose = (...programs: readonly string[]) => {
  for (const program of programs) host.system.files.delete(`/usr/bin/${program}`);
};

test("a whole host lacks nothing, and set-up then runs nothing", async () => {
  expect(await findMissingPackages(host.ctx)).toEqual([]);
  expect(await installPackages(host.ctx, work)).toEqual({ installed: [] });
  expect(host.system.ran.filter((words) => words.startsWith("apt-get"))).toEqual([]);
});

test("what is missing is named with its package in the host's own words, and what needs it", async () => {
  lose("bird", "dnsmasq");
  expect(await findMissingPackages(host.ctx)).toEqual([
    { package: "bird2", program: "bird", neededFor: "routing in the mesh" },
    { package: "dnsmasq-base", program: "dnsmasq", neededFor: "guests' DHCP and DNS" },
  ]);
  lose("apt-get");
  host.system.put("/usr/bin/dnf", "", 0o755);
  expect((await findMissingPackages(host.ctx)).map((entry) => entry.package)).toEqual(["bird", "dnsmasq"]);
});

test("a file that cannot be run is not the program", async () => {
  host.system.put("/usr/bin/bird", "", 0o644);
  expect(await findMissingPackages(host.ctx)).toHaveLength(1);
});

test("wireguard-go is needed only where the kernel has no WireGuard", async () => {
  await host.system.remove("/sys/module/wireguard");
  host.system.programs.set("sh", () => ({ exitCode: 1 }));
  expect(await findMissingPackages(host.ctx)).toMatchObject([{ program: "wireguard-go" }]);
  host.system.put("/opt/leea/bin/wireguard-go", "", 0o755);
  expect(await findMissingPackages(host.ctx)).toEqual([]);
});

test("set-up installs without recommended packages, forbids services meanwhile, and notes what it installed", async () => {
  lose("bird", "dnsmasq");
  expect(await installPackages(host.ctx, work)).toEqual({ installed: ["bird2", "dnsmasq-base"] });
  expect(host.system.ran.filter((words) => words.startsWith("apt-get"))).toEqual([
    "apt-get update -q",
    "apt-get install -y -q --no-install-recommends bird2 dnsmasq-base",
  ]);
  expect(policies).toEqual([expect.stringContaining("exit 101"), expect.stringContaining("exit 101")]);
  expect(host.system.files.has(policyPath)).toBe(false);
  expect((await readNodeSettings(host.system)).installedBySetup).toEqual(["bird2", "dnsmasq-base"]);
});

test("a policy of the user's own is neither replaced nor removed", async () => {
  lose("bird");
  host.system.put(policyPath, "#!/bin/sh\nexit 0\n", 0o755);
  await installPackages(host.ctx, work);
  expect(host.system.text(policyPath)).toBe("#!/bin/sh\nexit 0\n");
});

test("an installation that fails leaves no policy behind", async () => {
  lose("bird");
  host.system.programs.set("apt-get", () => ({ exitCode: 100, stderr: "E: Unable to locate package" }));
  await expect(installPackages(host.ctx, work)).rejects.toMatchObject({ code: "COMMAND_FAILED" });
  expect(host.system.files.has(policyPath)).toBe(false);
});

test("what an earlier set-up that was killed left as a policy is ours to remove", async () => {
  lose("bird");
  await installPackages(host.ctx, work);
  const ours = policies[0] ?? "";
  host.system.put(policyPath, ours, 0o755);
  lose("bird");
  await installPackages(host.ctx, work);
  expect(host.system.files.has(policyPath)).toBe(false);
});

test("a host without a known package manager is told what to install", async () => {
  lose("bird", "apt-get");
  await expect(installPackages(host.ctx, work)).rejects.toMatchObject({
    code: "PACKAGES_MISSING",
    details: { packages: ["bird2"] },
    hint: expect.stringContaining("bird2"),
  });
});

test("the services that a package brings are disabled where there is systemd", async () => {
  lose("bird");
  host.system.put("/run/systemd/system/x", "");
  host.system.programs.set("systemctl", () => ({}));
  await installPackages(host.ctx, work);
  expect(host.system.ran).toContain("systemctl disable --quiet bird.service");
});
