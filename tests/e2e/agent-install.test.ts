// The agent's installation, on hosts of a lab with a stand-in for the agent: that it is replaced by content, comes back
// when the new one fails, is never put in place of a newer one, and leaves nothing when it is removed.

import { copyFileSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { closeIdleHosts } from "../../provider/controller/host-pool";
import { bundledAgentHash, removeAgent } from "../../provider/controller/host-session";
import { runInside } from "./enter-lab";
import { useSshRig } from "./ssh-rig";

jest.setTimeout(120_000);
const rig = useSshRig("install");
const { folder, carry, to, open, inside, clean } = rig;

describe("an agent of other content", () => {
  beforeEach(clean);

  test("replaces the one before in an upgrade only, and touches no other process", async () => {
    const first = await open(to("a"), "if-missing");
    await inside("setsid sleep 600 </dev/null >/dev/null 2>&1 & echo $! >/run/bystander.pid");
    const hash = await carry("second");
    expect((await open(to("a"), "if-missing")).bundleHash).toBe(first.bundleHash);
    const second = await open(to("a"), "upgrade");
    expect(second.bundleHash).toBe(hash);
    expect(await inside(`kill -0 ${first.pid} 2>&1 || echo gone`)).toMatch(/gone$/);
    await inside("kill -0 $(cat /run/bystander.pid) && kill $(cat /run/bystander.pid)");
    await carry("third");
    await open(to("a"), "upgrade");
    expect(await inside("ls /opt/leea | grep -vc current")).toBe("2");
  });

  test("gives way to the one before when it does not come up, and says why", async () => {
    const first = await open(to("a"), "if-missing");
    await carry("broken", { healthy: false });
    await expect(open(to("a"), "upgrade")).rejects.toMatchObject({
      code: "AGENT_NOT_ANSWERING",
      message: expect.stringContaining("runs again"),
      cause: { message: expect.stringContaining("told to fail") },
    });
    const after = await open(to("a"), "never");
    expect(after.bundleHash).toBe(first.bundleHash);
  });

  test("is taken away again when it does not come up on a bare host", async () => {
    await carry("broken", { healthy: false });
    await expect(open(to("a"), "upgrade")).rejects.toMatchObject({
      code: "AGENT_NOT_ANSWERING",
      message: expect.stringContaining("removed again"),
    });
    expect(await inside("ls /opt/leea/current 2>/dev/null || echo none")).toBe("none");
  });

  test("#28 is not replaced when it is newer, unless that is asked for", async () => {
    await carry("newer", { version: "99.0.0" });
    await open(to("a"), "upgrade");
    const hash = await carry("plain");
    await expect(open(to("a"), "upgrade")).rejects.toMatchObject({ code: "AGENT_NEWER" });
    expect((await open(to("a"), "never")).version).toBe("99.0.0");
    process.env["LEEA_ALLOW_AGENT_DOWNGRADE"] = "1";
    expect((await open(to("a"), "upgrade")).bundleHash).toBe(hash);
  });

  test("#28 that needs a newer protocol is not talked to", async () => {
    await carry("foreign", { minProtocol: 3 });
    await open(to("a"), "if-missing");
    await expect(open(to("a"), "upgrade")).rejects.toMatchObject({ code: "AGENT_NEWER" });
  });

  test("waits while VMs move", async () => {
    await carry("moving", { movesRunning: 1 });
    await open(to("a"), "upgrade");
    await carry("plain");
    await expect(open(to("a"), "upgrade")).rejects.toMatchObject({
      code: "NOT_ALLOWED_NOW",
      details: { movesRunning: 1 },
    });
  });

  test("#28 whose bytes are others than were announced is refused, and the one before runs on", async () => {
    const first = await open(to("a"), "if-missing");
    await carry("swapped");
    const file = process.env["LEEA_AGENT_BUNDLE"] ?? "";
    utimesSync(file, 1, 1);
    const announced = bundledAgentHash();
    const bytes = readFileSync(file);
    bytes[bytes.length - 1] = 0x20; // its last line end: as long as before, and as old
    writeFileSync(file, bytes);
    utimesSync(file, 1, 1);
    await expect(open(to("a"), "upgrade")).rejects.toMatchObject({
      code: "COMMAND_FAILED",
      message: expect.stringMatching(/did NOT match|not what was sent/),
    });
    expect(await inside(`find /opt/leea/${announced.slice(0, 16)} -type f 2>/dev/null | wc -l`)).toBe("0");
    expect((await open(to("a"), "never")).pid).toBe(first.pid);
  });

  test("#28 damaged on the host is sent again", async () => {
    const { bundleHash, pid } = await open(to("a"), "if-missing");
    await inside(`echo "throw 1" >/opt/leea/${bundleHash.slice(0, 16)}/agent.cjs; kill ${pid}`);
    closeIdleHosts();
    await expect(open(to("a"), "never")).rejects.toMatchObject({ code: "AGENT_NOT_ANSWERING" });
    expect((await open(to("a"), "upgrade")).bundleHash).toBe(bundleHash);
  });
});

describe("what a host lacks", () => {
  test("is sent: a Node, kept through an upgrade", async () => {
    const lines: string[] = [];
    await removeAgent(to("b"));
    await open(to("b"), "if-missing", lines);
    expect(lines[0]).toContain("uploading a Node runtime");
    const second = await carry("second");
    lines.length = 0;
    expect((await open(to("b"), "upgrade", lines)).bundleHash).toBe(second);
    expect(lines).toEqual([expect.stringContaining("installing agent")]);
    expect(await runInside(rig.lab(), "b", "stat -c %h /opt/leea/current/node")).toBe("2");
  });

  test("is sent: wireguard-go, by content", async () => {
    const file = join(folder, "wireguard-go");
    copyFileSync("/bin/true", file);
    process.env["LEEA_WIREGUARD_GO"] = file;
    // A kernel without WireGuard, whatever this machine's has.
    await runInside(
      rig.lab(),
      "b",
      `printf '#!/bin/sh\\ncase "$*" in *wireguard*) exit 1;; esac\\nexec /sbin/ip "$@"\\n' >/usr/local/sbin/ip; chmod 755 /usr/local/sbin/ip`,
    );
    await removeAgent(to("b"));
    const lines: string[] = [];
    await open(to("b"), "upgrade", lines);
    expect(lines.join()).toContain("uploading wireguard-go");
    expect(
      await runInside(rig.lab(), "b", "/opt/leea/bin/wireguard-go && readlink /opt/leea/bin/wireguard-go"),
    ).toMatch(/^wireguard-go-[0-9a-f]{16}$/);
  });
});

describe("where systemd runs", () => {
  // A systemctl in its place starts what the unit names; the host itself has no systemd.
  const systemctl = `#!/bin/sh
echo "$*" >>/run/systemctl.log
case $1 in
  restart) setsid $(sed -n 's/^ExecStart=//p' /etc/systemd/system/leea-agent.service) </dev/null >/dev/null 2>&1 9>&- & ;;
esac
exit 0
`;

  beforeAll(async () => {
    await clean();
    await inside(
      `mkdir -p /run/systemd/system; printf '%s' "$(cat <<'END'\n${systemctl}\nEND\n)" >/usr/local/bin/systemctl; chmod 755 /usr/local/bin/systemctl`,
    );
  });

  afterAll(() => inside("rm -rf /run/systemd /usr/local/bin/systemctl"));

  test("the agent is a unit that ends without its children, and goes with it", async () => {
    await open(to("a"), "upgrade");
    expect(await inside("cat /etc/systemd/system/leea-agent.service")).toMatch(
      /ExecStart=\/opt\/leea\/current\/leea-agent serve\nKillMode=process\nRestart=always/,
    );
    expect((await inside("cat /run/systemctl.log")).split("\n")).toEqual([
      "daemon-reload",
      "enable --quiet leea-agent",
      "restart leea-agent",
    ]);
    await clean();
    expect(await inside("ls /etc/systemd/system/leea-agent.service 2>/dev/null || echo none")).toBe("none");
  });
});

describe("an agent that is removed", () => {
  test("leaves nothing of itself, and stays while a VM's files are there", async () => {
    await clean();
    await open(to("a"), "upgrade");
    await inside("mkdir -p /var/lib/leea/vm/abc");
    await expect(removeAgent(to("a"))).rejects.toMatchObject({ code: "IN_USE", details: { vmIds: ["abc"] } });
    expect((await open(to("a"), "never")).pid).toBeGreaterThan(1);
    await inside("rmdir /var/lib/leea/vm/abc");
    await removeAgent(to("a"));
    expect(
      await inside(
        "ls -d /opt/leea /var/lib/leea /run/leea* 2>/dev/null || :; readlink /proc/[0-9]*/exe | grep -c '/node$' || :",
      ),
    ).toBe("0");
  });
});
