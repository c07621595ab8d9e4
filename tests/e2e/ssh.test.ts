// The way to a host over SSH, on hosts of a lab with a stand-in for the agent: what is trusted, what is refused and
// when, who is let in, and that calls, streams and files get there by every way.

import { execFileSync } from "node:child_process";
import { mkdirSync, truncateSync, writeFileSync } from "node:fs";
import os from "node:os";
import { join } from "node:path";
import { setCredentials } from "../../provider/controller/credentials";
import { closeIdleHosts } from "../../provider/controller/host-pool";
import { bundledAgentHash, openHost } from "../../provider/controller/host-session";
import { loggedPort, useSshRig } from "./ssh-rig";

jest.setTimeout(120_000);
const rig = useSshRig("ssh");
const { folder, to, open, inside, clean, withLoggedServer } = rig;
// The processes of sshd that hold connections: below the servers that listen, which stay.
const cutSessions = `
for server in $(cat /run/sshd.pid /run/sshd-noforward.pid); do
  for session in $(ps -o pid= --ppid $server); do kill -KILL $session $(ps -o pid= --ppid $session) 2>/dev/null || :; done
done`;

describe("the host's key", () => {
  test("#16 that is not known ends the connection and is told, with the way to make it known", async () => {
    const nothing = join(folder, "nothing");
    await expect(open(to("a", { knownHosts: nothing }), "never")).rejects.toMatchObject({
      code: "HOST_KEY_UNKNOWN",
      hint: expect.stringContaining("ssh-keyscan"),
      details: { seenKey: rig.lab().hosts[0]?.hostKey.split(" ").slice(0, 2).join(" ") },
    });
  });

  test("may be declared instead of known", async () => {
    const hostKey = rig.lab().hosts[0]?.hostKey ?? "";
    expect((await open(to("a", { knownHosts: join(folder, "nothing"), hostKey }), "upgrade")).pid).toBeGreaterThan(1);
    await expect(open(to("a", { hostKey: rig.lab().hosts[1]?.hostKey ?? "" }), "never")).rejects.toMatchObject({
      code: "HOST_KEY_CHANGED",
      details: { knownFrom: ["connection.hostKey"] },
    });
  });

  test("#16 that has changed ends the connection before the host hears of any login", async () => {
    const file = join(folder, "changed");
    const connection = to("a", { port: loggedPort, knownHosts: file });
    writeFileSync(file, `# a comment\n[${connection.host}]:${loggedPort} ${rig.lab().hosts[1]?.hostKey}\n`);
    const refused = await withLoggedServer(async () => {
      await expect(open(connection, "never")).rejects.toMatchObject({
        code: "HOST_KEY_CHANGED",
        message: expect.stringContaining(`${file}:2`),
      });
    });
    expect(refused).toContain("Connection from");
    expect(refused).not.toMatch(/userauth|publickey|Accepted/);
    writeFileSync(file, `[${connection.host}]:${loggedPort} ${rig.lab().hosts[0]?.hostKey}\n`);
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
    setCredentials({ lab: execFileSync("cat", [rig.lab().identityFile], { encoding: "utf8" }) });
    expect((await open(to("a", { identity: "lab" }), "upgrade")).version).toBe("0.1.0");
  });

  test("that may not become root says which line of sudoers is missing", async () => {
    await expect(open(to("a", { user: "limited" }), "if-missing")).rejects.toMatchObject({
      code: "SUDO_FAILED",
      details: { sudoersLine: "limited ALL=(root) NOPASSWD: ALL" },
    });
  });

  test("that may run the relay and nothing else reaches an agent that runs", async () => {
    await open(to("a"), "upgrade");
    await inside(
      "echo 'limited ALL=(root) NOPASSWD: /opt/leea/current/leea-agent connect' >/etc/sudoers.d/zz-relay; chmod 440 /etc/sudoers.d/zz-relay",
    );
    try {
      expect((await open(to("a", { user: "limited" }), "never")).pid).toBeGreaterThan(1);
    } finally {
      await inside("rm /etc/sudoers.d/zz-relay");
    }
  });

  test("takes host name, user and key from ssh_config", async () => {
    mkdirSync(join(folder, ".ssh"), { recursive: true });
    writeFileSync(
      join(folder, ".ssh", "config"),
      `Host alias\n  HostName ${to("a").host}\n  User ops\n  IdentityFile ${rig.lab().identityFile}\n`,
    );
    const home = jest.spyOn(os, "homedir").mockReturnValue(folder);
    try {
      const { identity: _identity, ...connection } = to("a", { host: "alias" });
      await clean();
      const session = await openHost(connection, { install: "upgrade" });
      session.close();
      expect(await inside("ps -o user= -C sshd")).toMatch(/^ops$/m);
    } finally {
      home.mockRestore();
    }
  });
});

describe("a host", () => {
  test("that refuses is unreachable at once, one that is silent within 10 s", async () => {
    await expect(open(to("a", { port: 9 }), "never")).rejects.toMatchObject({
      code: "HOST_UNREACHABLE",
      message: expect.stringContaining("ECONNREFUSED"),
    });
    const startedAtMs = Date.now();
    await expect(open(to("a", { host: to("a").host.replace(/\d+$/, "250") }), "never")).rejects.toMatchObject({
      code: "HOST_UNREACHABLE",
      details: { port: 22, user: "root" },
    });
    expect(Date.now() - startedAtMs).toBeLessThan(11_000);
  });

  test("is reached through another one", async () => {
    const { sudo: _sudo, jump: _jump, ...jump } = to("a");
    expect((await open(to("b", { jump }), "upgrade")).version).toBe("0.1.0");
  });

  test("of another identity is refused, with both ways on", async () => {
    await open(to("a"), "upgrade");
    const expecting = (expectNodeId: string) => openHost(to("a"), { install: "never", expectNodeId });
    await expect(expecting("web-zzzzzzzz")).rejects.toMatchObject({
      code: "IDENTITY_CHANGED",
      hint: expect.stringMatching(/connection\.host.*pulumi state delete/),
    });
    (await expecting("renamed-abcdefgh")).close();
  });

  test("of thirty resources at once has one connection and one installation", async () => {
    await clean();
    const file = join(folder, "logged");
    writeFileSync(file, `[${to("a").host}]:${loggedPort} ${rig.lab().hosts[0]?.hostKey}\n`);
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
    await expect(open(connection(), "never")).rejects.toMatchObject({
      code: "AGENT_NOT_ANSWERING",
      message: expect.stringContaining("none is installed"),
    });
    expect(await inside("ls -d /opt/leea 2>/dev/null || echo none")).toBe("none");
  });

  test("is on a bare host after one call, and the second time nothing is installed", async () => {
    const lines: string[] = [];
    expect((await open(connection(), "if-missing", lines)).bundleHash).toBe(bundledAgentHash());
    await open(connection(), "upgrade", lines);
    expect(lines).toEqual([expect.stringContaining("installing agent")]);
  });

  test("answers many calls on one session, at once and one after another", async () => {
    const session = await openHost(connection(), { install: "if-missing" });
    const answers = await Promise.all(Array.from({ length: 8 }, () => session.call("getHealth", {})));
    for (let call = 0; call < 100; call += 1) answers.push(await session.call("getHealth", {}));
    session.close();
    expect(new Set(answers.map(({ pid }) => pid)).size).toBe(1);
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
      cut ??= inside(cutSessions).then(() =>
        session.call("cancelOperation", { params: { operationId: "slow-operation" } }),
      );
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
