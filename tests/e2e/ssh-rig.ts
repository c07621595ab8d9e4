// Hosts of a lab with a stand-in for the agent, as the tests of the way to a host and of installing use them.

import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Lab, labDown, labUp } from "../../provider/cli/lab/lab";
import { closeIdleHosts } from "../../provider/controller/host-pool";
import { bundledAgentHash, type OpenHostOptions, openHost, removeAgent } from "../../provider/controller/host-session";
import type { Connection } from "../../provider/model/connection";
import type { Health } from "../../provider/protocol/node";
import { buildStandIn, type StandIn } from "../unit/controller/stand-in/build-stand-in";
import { runInside } from "./enter-lab";

/** The port of the SSH server that logs. */
export const loggedPort = 2223;

/** A lab of two hosts, of which b has no Node, and a folder with the key "stranger" that no host takes. */
export interface SshRig {
  readonly lab: () => Lab;
  readonly folder: string;
  /** Makes this program carry a stand-in and gives its hash; each name is a bundle of its own content. */
  readonly carry: (bundle: string, standIn?: StandIn) => Promise<string>;
  /** The way to a host as root, unless told otherwise. */
  readonly to: (host: "a" | "b", more?: Partial<Connection>) => Connection;
  /** Opens, gives the health and closes; what is reported is put into `lines`. */
  readonly open: (connection: Connection, install: OpenHostOptions["install"], lines?: string[]) => Promise<Health>;
  /** Runs a text as root inside host a. */
  readonly inside: (text: string) => Promise<string>;
  /** Takes the agent off host a. */
  readonly clean: () => Promise<void>;
  /** Runs an SSH server on host a that logs every step, and gives what it logged while `work` ran. */
  readonly withLoggedServer: (work: (port: number) => Promise<void>) => Promise<string>;
}

/** Makes the rig before the file's tests and removes it after them. Every test starts with the bundle "plain". */
export function useSshRig(purpose: string): SshRig {
  const name = `${purpose}-${process.pid}`;
  const folder = mkdtempSync(join(tmpdir(), `leea-${purpose}-`));
  const hidden = ["node", "wireguard-go"].flatMap((program) => [`/usr/bin/${program}`, `/usr/local/bin/${program}`]);
  let lab: Lab;

  const inside = (text: string) => runInside(lab, "a", text);
  const to: SshRig["to"] = (host, more = {}) => {
    const { address } = lab.hosts.find((each) => each.name === host) ?? { address: "" };
    const login = { knownHosts: lab.knownHostsFile, identity: lab.identityFile };
    return { host: address, port: 22, user: "root", ...login, ...more };
  };
  const carry: SshRig["carry"] = async (bundle, standIn = {}) => {
    const file = join(folder, `${bundle}.cjs`);
    await buildStandIn(file, { ...standIn, ...{ bundle } });
    process.env["LEEA_AGENT_BUNDLE"] = file;
    return bundledAgentHash();
  };

  beforeAll(async () => {
    lab = await labUp({ name, hosts: ["a", "b"], hide: { b: hidden.filter((path) => existsSync(path)) } });
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(folder, "stranger")]);
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

  return {
    lab: () => lab,
    folder,
    carry,
    to,
    open: async (connection, install, lines = []) => {
      const session = await openHost(connection, { install, report: (line) => lines.push(line) });
      try {
        return await session.call("getHealth", {});
      } finally {
        session.close();
      }
    },
    inside,
    clean: async () => {
      closeIdleHosts();
      await removeAgent(to("a"));
    },
    withLoggedServer: async (work) => {
      await inside(`/usr/sbin/sshd -p ${loggedPort} -E /run/logged.log -o LogLevel=DEBUG1 -o PidFile=/run/logged.pid`);
      try {
        await work(loggedPort);
        return await inside("cat /run/logged.log");
      } finally {
        closeIdleHosts();
        await inside("kill $(cat /run/logged.pid); rm -f /run/logged.log");
      }
    },
  };
}
