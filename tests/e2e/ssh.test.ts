// The way to a host over SSH and the agent's installation, on hosts of a lab with a stand-in for the agent: what is
// trusted, what is refused and when, and that an agent comes, goes, is replaced and comes back.

import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import os, { tmpdir } from "node:os";
import { join } from "node:path";
import { type Lab, labDown, labUp } from "../../provider/cli/lab/lab";
import { setCredentials } from "../../provider/controller/credentials";
import { closeIdleHosts } from "../../provider/controller/host-pool";
import { bundledAgentHash, openHost, type OpenHostOptions, removeAgent } from "../../provider/controller/host-session";
import type { Connection } from "../../provider/model/connection";
import { buildStandIn, type StandIn } from "../unit/controller/stand-in/build-stand-in";
import { runInside } from "./enter-lab";

jest.setTimeout(60_000);
const name = `ssh-${process.pid}`;
const folder = mkdtempSync(join(tmpdir(), "leea-ssh-test-"));
const loggedPort = 2223;
let lab: Lab;

beforeAll(async () => {
  lab = await labUp({ name, hosts: ["a", "b"], hide: { b: ["/usr/bin/node", "/usr/local/bin/node"].filter((path) => existsSync(path)) } });
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(folder, "stranger")]);
  await carry("plain");
});

beforeEach(async () => {
  delete process.env["LEEA_ALLOW_AGENT_DOWNGRADE"];
  delete process.env["LEEA_WIREGUARD_GO"];
  await carry("plain");
});

afterEach(() => closeIdleHosts());

afterAll(async () => {
  await labDown(name);
  rmSync(folder, { recursive: true });
});

/** Makes this program carry a stand-in; each name is a bundle of its own content. */
async function carry(bundle: string, standIn: StandIn = {}): Promise<string> {
  const file = join(folder, `${bundle}.cjs`);
  await buildStandIn(file, { version: "0.1.0", ...standIn, ...{ bundle } });
  process.env["LEEA_AGENT_BUNDLE"] = file;
  return bundledAgentHash();
}

function to(host: "a" | "b", more: Partial<Connection> = {}): Connection {
  const { address } = lab.hosts.find((each) => each.name === host) ?? { address: "" };
  return { host: address, port: 22, user: "root", knownHosts: lab.knownHostsFile, identity: lab.identityFile, ...more };
}

/** Opens, gives the health and closes; `lines` are what was reported. */
async function open(connection: Connection, install: OpenHostOptions["install"], lines: string[] = []) {
  const session = await openHost(connection, { install, report: (line) => lines.push(line) });
  try {
    return await session.call("getHealth", {});
  } finally {
    session.close();
  }
}

const inside = (text: string) => runInside(lab, "a", text);
// The processes of sshd that hold connections: below the servers that listen, which stay.
const cutSessions = `
for server in $(cat /run/sshd.pid /run/sshd-noforward.pid); do
  for session in $(ps -o pid= --ppid $server); do kill -KILL $session $(ps -o pid= --ppid $session) 2>/dev/null || :; done
done`;
const clean = async () => {
  closeIdleHosts();
  await removeAgent(to("a"));
};

/** Runs an SSH server on host a that logs every step, and gives what it logged while `work` ran. */
async function withLoggedServer(work: (port: number) => Promise<void>): Promise<string> {
  await inside(`/usr/sbin/sshd -p ${loggedPort} -E /run/logged.log -o LogLevel=DEBUG1 -o PidFile=/run/logged.pid`);
  try {
    await work(loggedPort);
    return await inside("cat /run/logged.log");
  } finally {
    closeIdleHosts();
    await inside("kill $(cat /run/logged.pid); rm -f /run/logged.log");
  }
}

describe("the host's key", () => {
  test("that is not known ends the connection and is told, with the way to make it known", async () => {
    const nothing = join(folder, "nothing");
    await expect(open(to("a", { knownHosts: nothing }), "never")).rejects.toMatchObject({
      code: "HOST_KEY_UNKNOWN",
      hint: expect.stringContaining("ssh-keyscan"),
      details: { seenKey: lab.hosts[0]?.hostKey.split(" ").slice(0, 2).join(" ") },
    });
  });

  test("may be declared instead of known", async () => {
    const hostKey = lab.hosts[0]?.hostKey ?? "";
    expect((await open(to("a", { knownHosts: join(folder, "nothing"), hostKey }), "upgrade")).pid).toBeGreaterThan(1);
    await expect(open(to("a", { hostKey: lab.hosts[1]?.hostKey ?? "" }), "never")).rejects.toMatchObject({ code: "HOST_KEY_CHANGED", details: { knownFrom: ["connection.hostKey"] } });
  });

  test("that has changed ends the connection before the host hears of any login", async () => {
    const file = join(folder, "changed");
    const connection = to("a", { port: loggedPort, knownHosts: file });
    writeFileSync(file, `# a comment\n[${connection.host}]:${loggedPort} ${lab.hosts[1]?.hostKey}\n`);
    const refused = await withLoggedServer(async () => {
      await expect(open(connection, "never")).rejects.toMatchObject({ code: "HOST_KEY_CHANGED", message: expect.stringContaining(`${file}:2`) });
    });
    expect(refused).toContain("Connection from");
    expect(refused).not.toMatch(/userauth|publickey|Accepted/);
    writeFileSync(file, `[${connection.host}]:${loggedPort} ${lab.hosts[0]?.hostKey}\n`);
    const accepted = await withLoggedServer(async () => void (await open(connection, "upgrade")));
    expect(accepted).toMatch(/userauth-request[\s\S]*Accepted publickey/);
  });

  test("of a type that is not known counts as changed", async () => {
    const file = join(folder, "other-type");
    execFileSync("ssh-keygen", ["-q", "-t", "ecdsa", "-N", "", "-f", join(folder, "ecdsa")]);
    writeFileSync(file, `${to("a").host} ${execFileSync("cat", [join(folder, "ecdsa.pub")], { encoding: "utf8" })}`);
    await expect(open(to("a", { knownHosts: file }), "never")).rejects.toMatchObject({ code: "HOST_KEY_CHANGED" });
  });
});

describe("a login", () => {
  test("with a key that the host does not take says what was tried, and no key's contents", async () => {
    const identity = join(folder, "stranger");
    const error: unknown = await open(to("a", { identity }), "never").catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: "AUTHENTICATION_FAILED", details: { tried: [`${identity} (ssh-ed25519)`] } });
    expect(JSON.stringify(error) + String(error)).not.toContain("PRIVATE KEY");
  });

  test("works with a credential by its name", async () => {
    setCredentials({ lab: execFileSync("cat", [lab.identityFile], { encoding: "utf8" }) });
    expect((await open(to("a", { identity: "lab" }), "upgrade")).version).toBe("0.1.0");
  });

  test("that may not become root says which line of sudoers is missing", async () => {
    await expect(open(to("a", { user: "limited" }), "if-missing")).rejects.toMatchObject({ code: "SUDO_FAILED", details: { sudoersLine: "limited ALL=(root) NOPASSWD: ALL" } });
  });

  test("that may run the relay and nothing else reaches an agent that runs", async () => {
    await open(to("a"), "upgrade");
    await inside("echo 'limited ALL=(root) NOPASSWD: /opt/leea/current/leea-agent connect' >/etc/sudoers.d/zz-relay; chmod 440 /etc/sudoers.d/zz-relay");
    try {
      expect((await open(to("a", { user: "limited" }), "never")).pid).toBeGreaterThan(1);
    } finally {
      await inside("rm /etc/sudoers.d/zz-relay");
    }
  });

  test("takes host name, user and key from ssh_config", async () => {
    mkdirSync(join(folder, ".ssh"), { recursive: true });
    writeFileSync(join(folder, ".ssh", "config"), `Host alias\n  HostName ${to("a").host}\n  User ops\n  IdentityFile ${lab.identityFile}\n`);
    const home = jest.spyOn(os, "homedir").mockReturnValue(folder);
    try {
      const { identity: _identity, ...connection } = to("a", { host: "alias", hostKey: lab.hosts[0]?.hostKey ?? "" });
      const lines: string[] = [];
      await clean();
      await open(connection, "upgrade", lines);
      expect(lines).toEqual([expect.stringContaining("installing agent")]);
      expect(await inside("cat /proc/$(head -1 /run/leea/agent.pid)/loginuid 2>/dev/null; ls /opt/leea | wc -l")).toMatch(/2$/);
    } finally {
      home.mockRestore();
    }
  });
});

describe("a host", () => {
  test("that refuses is unreachable at once, one that is silent within 10 s", async () => {
    await expect(open(to("a", { port: 9 }), "never")).rejects.toMatchObject({ code: "HOST_UNREACHABLE", message: expect.stringContaining("ECONNREFUSED") });
    const startedAtMs = Date.now();
    await expect(open(to("a", { host: to("a").host.replace(/\d+$/, "250") }), "never")).rejects.toMatchObject({ code: "HOST_UNREACHABLE", details: { port: 22, user: "root" } });
    expect(Date.now() - startedAtMs).toBeLessThan(11_000);
  });

  test("is reached through another one", async () => {
    const { sudo: _sudo, jump: _jump, ...jump } = to("a");
    expect((await open(to("b", { jump }), "upgrade")).version).toBe("0.1.0");
  });

  test("of another identity is refused, with both ways on", async () => {
    await open(to("a"), "upgrade");
    const expecting = (expectNodeId: string) => openHost(to("a"), { install: "never", expectNodeId });
    await expect(expecting("web-zzzzzzzz")).rejects.toMatchObject({ code: "IDENTITY_CHANGED", hint: expect.stringMatching(/leea node adopt.*leea node forget/) });
    (await expecting("renamed-abcdefgh")).close();
  });

  test("of thirty resources at once has one connection and one installation", async () => {
    await clean();
    const file = join(folder, "logged");
    writeFileSync(file, `[${to("a").host}]:${loggedPort} ${lab.hosts[0]?.hostKey}\n`);
    const lines: string[] = [];
    const log = await withLoggedServer(async (port) => {
      await Promise.all(Array.from({ length: 30 }, () => open(to("a", { port, knownHosts: file }), "upgrade", lines)));
    });
    expect(log.match(/Connection from/g)).toHaveLength(1);
    expect(lines).toHaveLength(1);
  });
});

describe.each([
  ["root, by the forwarded socket", "root", 22],
  ["root, where sshd forbids to forward", "root", 2222],
  ["a login with sudo", "ops", 22],
  ["a login with sudo, where sshd forbids to forward", "ops", 2222],
])("the agent, for %s", (_way, user, port) => {
  const connection = () => to("a", { user, port });
  beforeEach(clean);

  test("is missing where none was installed, and is not installed unasked", async () => {
    await expect(open(connection(), "never")).rejects.toMatchObject({ code: "AGENT_NOT_ANSWERING", message: expect.stringContaining("none is installed") });
    expect(await inside("ls -d /opt/leea 2>/dev/null || echo none")).toBe("none");
  });

  test("is on a bare host within 3 s, and the second time nothing is installed", async () => {
    const lines: string[] = [];
    const startedAtMs = Date.now();
    expect((await open(connection(), "if-missing", lines)).bundleHash).toBe(bundledAgentHash());
    expect(Date.now() - startedAtMs).toBeLessThan(3_000);
    await open(connection(), "upgrade", lines);
    expect(lines).toEqual([expect.stringContaining("installing agent")]);
  });

  test("answers in a few milliseconds, eight at once and one after another", async () => {
    const session = await openHost(connection(), { install: "if-missing" });
    await Promise.all(Array.from({ length: 8 }, () => session.call("getHealth", {})));
    const times: number[] = [];
    for (let call = 0; call < 100; call += 1) {
      const startedAtMs = performance.now();
      await session.call("getHealth", {});
      times.push(performance.now() - startedAtMs);
    }
    session.close();
    expect(times.sort((left, right) => left - right)[50]).toBeLessThan(10); // Nagle's algorithm alone costs 40
  });

  test("takes an image once, and a missing file is refused before the host is asked", async () => {
    const image = join(folder, "image");
    writeFileSync(image, "");
    truncateSync(image, 20 * 1024 * 1024);
    const session = await openHost(connection(), { install: "if-missing" });
    const bytesDone: number[] = [];
    const upload = () => session.uploadImage(image, (progress) => bytesDone.push(progress.bytesDone ?? 0));
    const [hash] = await Promise.all([upload(), upload(), upload()]);
    expect(hash).toBe(execFileSync("sha256sum", [image], { encoding: "utf8" }).slice(0, 64));
    expect(bytesDone.filter((done) => done === 20 * 1024 * 1024)).toHaveLength(1);
    expect(await upload()).toBe(hash);
    expect(bytesDone.filter((done) => done === 20 * 1024 * 1024)).toHaveLength(1);
    await expect(session.uploadImage(join(folder, "missing"))).rejects.toMatchObject({ code: "IMAGE_INVALID" });
    session.close();
  });

  test("is followed through a lost connection", async () => {
    const session = await openHost(connection(), { install: "if-missing" });
    const running = await session.call("getOperation", { params: { operationId: "slow-operation" } });
    const phases: string[] = [];
    let cut: Promise<unknown> | undefined;
    const followed = session.follow(running, ({ phase }) => {
      phases.push(phase);
      cut ??= inside(cutSessions).then(() => session.call("cancelOperation", { params: { operationId: "slow-operation" } }));
    });
    expect((await followed).state).toBe("succeeded");
    expect(phases[0]).toBe("running");
    await cut;
    session.close();
  });

  test("that has died is started again by whoever needs it", async () => {
    const before = await open(connection(), "if-missing");
    await inside(`kill -KILL ${before.pid}`);
    closeIdleHosts();
    const after = await open(connection(), "never");
    expect(after.pid).not.toBe(before.pid);
  });

  test("that dies under a session is started by the session's next call", async () => {
    const session = await openHost(connection(), { install: "if-missing" });
    const before = await session.call("getHealth", {});
    await inside(`kill -KILL ${before.pid}`);
    expect((await session.call("getHealth", {})).pid).not.toBe(before.pid);
    session.close();
  });
});

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
    await expect(open(to("a"), "upgrade")).rejects.toMatchObject({ code: "AGENT_NOT_ANSWERING", message: expect.stringContaining("removed again") });
    expect(await inside("ls /opt/leea/current 2>/dev/null || echo none")).toBe("none");
  });

  test("is not replaced when it is newer, unless that is asked for", async () => {
    await carry("newer", { version: "99.0.0" });
    await open(to("a"), "upgrade");
    const hash = await carry("plain");
    await expect(open(to("a"), "upgrade")).rejects.toMatchObject({ code: "AGENT_NEWER" });
    expect((await open(to("a"), "never")).version).toBe("99.0.0");
    process.env["LEEA_ALLOW_AGENT_DOWNGRADE"] = "1";
    expect((await open(to("a"), "upgrade")).bundleHash).toBe(hash);
  });

  test("that needs a newer protocol is not talked to", async () => {
    await carry("foreign", { minProtocol: 2 });
    await open(to("a"), "if-missing");
    await expect(open(to("a"), "upgrade")).rejects.toMatchObject({ code: "AGENT_NEWER" });
  });

  test("waits while VMs move", async () => {
    await carry("moving", { movesRunning: 1 });
    await open(to("a"), "upgrade");
    await carry("plain");
    await expect(open(to("a"), "upgrade")).rejects.toMatchObject({ code: "NOT_ALLOWED_NOW", details: { movesRunning: 1 } });
  });

  test("damaged on the host is sent again", async () => {
    const { bundleHash } = await open(to("a"), "if-missing");
    await inside(`echo garbage >/opt/leea/${bundleHash.slice(0, 16)}/agent.cjs`);
    await inside("kill $(head -1 /run/leea/agent.pid)");
    closeIdleHosts();
    await carry("second");
    expect((await open(to("a"), "upgrade")).bundleHash).toBe(bundledAgentHash());
    await carry("plain");
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
    expect(await runInside(lab, "b", "stat -c %h /opt/leea/current/node")).toBe("2");
  });

  test("is sent: wireguard-go, by content", async () => {
    const file = join(folder, "wireguard-go");
    copyFileSync("/bin/true", file);
    process.env["LEEA_WIREGUARD_GO"] = file;
    await clean();
    const lines: string[] = [];
    await open(to("a"), "upgrade", lines);
    const hasOwn = await inside("command -v wireguard-go || echo none");
    if (hasOwn !== "none") return expect(lines.join()).not.toContain("wireguard-go");
    expect(lines.join()).toContain("uploading wireguard-go");
    expect(await inside("/opt/leea/bin/wireguard-go && readlink /opt/leea/bin/wireguard-go")).toMatch(/^wireguard-go-[0-9a-f]{16}$/);
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
    await inside(`mkdir -p /run/systemd/system; printf '%s' "$(cat <<'END'\n${systemctl}\nEND\n)" >/usr/local/bin/systemctl; chmod 755 /usr/local/bin/systemctl`);
  });

  afterAll(() => inside("rm -rf /run/systemd /usr/local/bin/systemctl"));

  test("the agent is a unit that ends without its children, and goes with it", async () => {
    await open(to("a"), "upgrade");
    expect(await inside("cat /etc/systemd/system/leea-agent.service")).toMatch(/ExecStart=\/opt\/leea\/current\/leea-agent serve\nKillMode=process\nRestart=always/);
    expect((await inside("cat /run/systemctl.log")).split("\n")).toEqual(["daemon-reload", "enable --quiet leea-agent", "restart leea-agent"]);
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
    expect(await inside("ls -d /opt/leea /var/lib/leea /run/leea* 2>/dev/null || :; readlink /proc/[0-9]*/exe | grep -c '/node$' || :")).toBe("0");
  });
});
