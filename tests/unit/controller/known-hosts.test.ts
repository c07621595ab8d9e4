// known_hosts as OpenSSH writes it: what is found for a host, and how a shown key is judged.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findKnownKeys, judgeHostKey } from "../../../provider/controller/ssh/known-hosts";

const find = (text: string, host: string, port = 22) => findKnownKeys(text, "file", host, port);
const keys = (text: string, host: string, port = 22) => find(text, host, port).map((entry) => entry.key);

describe("the keys that known_hosts holds for a host", () => {
  test("are found by name and by address, in any case, and with the line they stand on", () => {
    const text = "# comment\n\nWeb1,10.0.0.1 ssh-ed25519 AAAA web key\nother ssh-ed25519 BBBB\n";
    expect(find(text, "web1")).toEqual([{ type: "ssh-ed25519", key: "AAAA", revoked: false, source: "file:3" }]);
    expect(keys(text, "10.0.0.1")).toEqual(["AAAA"]);
    expect(keys(text, "web")).toEqual([]);
  });

  test("are those of the port: a bracketed name for any port but 22", () => {
    const text = "[web1]:2222 ssh-ed25519 AAAA\nweb1 ssh-ed25519 BBBB\n";
    expect(keys(text, "web1", 2222)).toEqual(["AAAA"]);
    expect(keys(text, "web1")).toEqual(["BBBB"]);
    expect(keys(text, "web1", 22022)).toEqual([]);
  });

  test("may be several, of one type or of many", () => {
    expect(keys("web1 ssh-ed25519 AAAA\nweb1 ssh-ed25519 BBBB\nweb1 ssh-rsa CCCC\n", "web1")).toEqual([
      "AAAA",
      "BBBB",
      "CCCC",
    ]);
  });

  test("are found by wildcards, but not where a negation says no", () => {
    const text = "*.example.org,!bad.example.org,10.0.?.1 ssh-ed25519 AAAA\n";
    expect(keys(text, "good.example.org")).toEqual(["AAAA"]);
    expect(keys(text, "bad.example.org")).toEqual([]);
    expect(keys(text, "10.0.7.1")).toEqual(["AAAA"]);
    expect(keys(text, "10.0.77.1")).toEqual([]);
  });

  test("are found where ssh-keygen has hashed the names, with and without a port", () => {
    const folder = mkdtempSync(join(tmpdir(), "leea-known-hosts-"));
    try {
      const file = join(folder, "known_hosts");
      const key = readFileSync(makeKey(folder), "utf8").split(" ")[1] ?? "";
      writeFileSync(file, `web1 ssh-ed25519 ${key}\n[web2]:2222 ssh-ed25519 ${key}\n`);
      execFileSync("ssh-keygen", ["-q", "-H", "-f", file], { stdio: "ignore" });
      const hashed = readFileSync(file, "utf8");
      expect(hashed).not.toContain("web");
      expect(keys(hashed, "web1")).toEqual([key]);
      expect(keys(hashed, "web2", 2222)).toEqual([key]);
      expect(keys(hashed, "web2")).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("leave out certificate authorities and lines that are cut short", () => {
    expect(find("@cert-authority * ssh-ed25519 AAAA\nweb1 ssh-ed25519\nweb1\n", "web1")).toEqual([]);
  });
});

describe("a key that a host shows", () => {
  const known = find("web1 ssh-ed25519 AAAA\n@revoked web1 ssh-ed25519 DEAD\n", "web1");

  test("is known when a line has it", () => expect(judgeHostKey("AAAA", known)).toEqual({ verdict: "known" }));

  test("is changed, with the lines, when others are known", () => {
    expect(judgeHostKey("BBBB", known)).toEqual({ verdict: "changed", sources: ["file:1"] });
  });

  test("is unknown when no line is about the host", () => {
    expect(judgeHostKey("AAAA", find("web2 ssh-ed25519 AAAA\n", "web1"))).toEqual({ verdict: "unknown" });
  });

  test("is refused as revoked even where another line vouches for it", () => {
    expect(judgeHostKey("DEAD", [...known, ...find("web1 ssh-ed25519 DEAD\n", "web1")])).toEqual({
      verdict: "revoked",
      sources: ["file:2"],
    });
  });
});

function makeKey(folder: string): string {
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(folder, "key")]);
  return join(folder, "key.pub");
}
