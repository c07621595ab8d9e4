// ip(8), nft(8) and dnsmasq on a fake host, as far as a VM's network needs them: interfaces, routes by table, rules.
// What it does not know it refuses, as ip does, with exit code 255.

import type { RunResult } from "../../provider/agent/system/system";
import type { FakeSystem } from "./fake-system";

interface Link {
  readonly kind: string;
  readonly details: Set<string>;
}

const missing: Partial<RunResult> = { exitCode: 2, stderr: "RTNETLINK answers: No such process" };

/** The network of one fake host. */
export class FakeIp {
  readonly links = new Map<string, Link>();
  /** `TABLE ADDRESS` to the words after it. */
  readonly routes = new Map<string, string>();
  readonly rules = new Set<string>();
  private readonly system: FakeSystem;

  constructor(system: FakeSystem) {
    this.system = system;
    system.programs.set("ip", (argv, { input }) => this.run(argv.slice(1), String(input ?? "")));
    system.programs.set("nft", (argv) => (argv.includes("--json") ? { stdout: '{"nftables":[]}' } : {}));
    system.programs.set("wg", () => ({ exitCode: 1 }));
    system.daemons.set("dnsmasq", ({ argv }, { pid }) => {
      const config = system.text(argv.find((word) => word.startsWith("--conf-file="))?.slice(12) ?? "") ?? "";
      const pidFile = /^pid-file=(.+)$/m.exec(config)?.[1];
      if (pidFile !== undefined) void system.writeText(pidFile, `${pid}\n`);
      return {};
    });
  }

  /** What is there of a VM's address, as text: routes and rules. */
  of(address: string): readonly string[] {
    const routes = [...this.routes].filter(([key]) => key.includes(address)).map(([key, words]) => `${key} ${words}`);
    return [...routes, ...[...this.rules].filter((rule) => rule.includes(address))].sort();
  }

  private run(args: readonly string[], input: string): Partial<RunResult> {
    if (args[0] === "-batch") {
      for (const line of input.split("\n").filter((each) => each !== "")) {
        const result = this.run(line.split(" "), "");
        if ((result.exitCode ?? 0) !== 0) return result;
      }
      return {};
    }
    const words = args.filter((word) => !word.startsWith("-"));
    const [object = "", verb = ""] = words;
    const rest = words.slice(2);
    if (object === "link" || object === "tuntap") return this.link(verb, rest, object);
    if (object === "route") return this.route(verb, rest);
    if (object === "rule") return this.rule(verb, rest.join(" "));
    if (object === "neighbour" && verb === "replace") return this.neighbour(rest);
    if (object === "address" && verb === "replace") return {};
    return { exitCode: 255, stderr: `the fake ip does not know: ${args.join(" ")}` };
  }

  private link(verb: string, words: readonly string[], object: string): Partial<RunResult> {
    const name = words[words.indexOf("dev") + 1] ?? "";
    if (object === "tuntap" && verb === "add") {
      if (this.links.has(name)) return { exitCode: 1, stderr: "ioctl(TUNSETIFF): Device or resource busy" };
      this.links.set(name, { kind: "tun", details: new Set() });
      this.system.put(`/sys/class/net/${name}/owner`, `${words.at(-1)}\n`);
      return {};
    }
    const link = this.links.get(name);
    if (link === undefined) return { exitCode: 1, stderr: `Device "${name}" does not exist.` };
    if (verb === "show")
      return { stdout: JSON.stringify([{ ifname: name, mtu: 1420, flags: [], linkinfo: { info_kind: link.kind } }]) };
    if (verb === "delete") {
      this.links.delete(name);
      for (const [key, way] of this.routes) if (way.includes(`dev ${name}`)) this.routes.delete(key);
      void this.system.remove(`/sys/class/net/${name}`);
    }
    link.details.add(words.join(" "));
    return {};
  }

  /** A probe is a packet that the interface sends. */
  private neighbour(words: readonly string[]): Partial<RunResult> {
    if (!words.includes("probe")) return {};
    const path = `/sys/class/net/${words[words.indexOf("dev") + 1] ?? ""}/statistics/tx_packets`;
    this.system.put(path, `${Number(this.system.text(path) ?? 0) + 1}\n`);
    return {};
  }

  private route(verb: string, words: readonly string[]): Partial<RunResult> {
    if (verb === "show") return { stdout: "[]" };
    const at = words.indexOf("table");
    const table = at === -1 ? "main" : (words[at + 1] ?? "");
    const address = words.find((word) => word.includes("/")) ?? "";
    if (verb === "replace") this.routes.set(`${table} ${address}`, words.filter((word) => word !== address).join(" "));
    else if (verb !== "delete") return { exitCode: 255, stderr: `route ${verb}` };
    else if (!this.routes.delete(`${table} ${address}`)) return missing;
    return {};
  }

  private rule(verb: string, rule: string): Partial<RunResult> {
    if (verb === "show") return { stdout: "[]" };
    if (verb === "add") this.rules.add(rule);
    else if (!this.rules.delete(rule)) return missing;
    return {};
  }
}
