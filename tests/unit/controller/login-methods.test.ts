// Which credentials are offered to a host, and what is said of those that cannot be.

import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import os, { tmpdir } from "node:os";
import { join } from "node:path";
import { setCredentials } from "../../../provider/controller/credentials";
import { collectLoginMethods } from "../../../provider/controller/ssh/login-methods";
import type { Hop } from "../../../provider/controller/ssh/route";

const folder = mkdtempSync(join(tmpdir(), "leea-login-"));
const environment = { ...process.env };
const plain = join(folder, "plain");
const locked = join(folder, "locked");
const hop: Hop = {
  host: "web1",
  address: "web1",
  hostKeyName: { host: "web1", port: 22 },
  port: 22,
  user: "ops",
  hostKey: undefined,
  knownHosts: undefined,
  identity: undefined,
  identityFiles: [],
};
const names = (identity?: string) => collectLoginMethods({ ...hop, identity }).methods.map((each) => each.name);

beforeAll(() => {
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", plain]);
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "hunter2", "-f", locked]);
  mkdirSync(join(folder, ".ssh"));
});

beforeEach(() => {
  jest.spyOn(os, "homedir").mockReturnValue(folder);
  delete process.env["SSH_AUTH_SOCK"];
  setCredentials({});
});

afterAll(() => {
  process.env = environment;
  rmSync(folder, { recursive: true });
});

test("a declared key file is offered alone, with ~ for the home folder", () => {
  expect(names(plain)).toEqual([`${plain} (ssh-ed25519)`]);
  expect(names("~/plain")).toEqual([`${plain} (ssh-ed25519)`]);
});

test("a credential is found by its name, with its passphrase, before any file", () => {
  setCredentials({
    deploy: readFileSync(plain, "utf8"),
    safe: { privateKey: readFileSync(locked, "utf8"), passphrase: "hunter2" },
  });
  expect(names("deploy")).toEqual(['credential "deploy" (ssh-ed25519)']);
  expect(names("safe")).toEqual(['credential "safe" (ssh-ed25519)']);
});

test("a key under a passphrase is refused with the way out, and its contents stay unsaid", () => {
  expect(() => names(locked)).toThrow(
    expect.objectContaining({
      code: "AUTHENTICATION_FAILED",
      message: expect.stringContaining("protected by a passphrase"),
      hint: expect.stringContaining(`ssh-add ${locked}`),
    }),
  );
});

test("a name that is neither credential nor file lists the credentials that there are", () => {
  setCredentials({ deploy: "not a key" });
  expect(() => names("deplyo")).toThrow(
    expect.objectContaining({ code: "AUTHENTICATION_FAILED", hint: expect.stringContaining("deploy") }),
  );
  expect(() => names("deploy")).toThrow(expect.objectContaining({ message: expect.not.stringContaining("not a key") }));
});

test("a public key is no identity", () => {
  expect(() => names(`${plain}.pub`)).toThrow(/a public key/);
});

test("without an identity the usual files are offered, and what is left out is said", () => {
  copyFileSync(plain, join(folder, ".ssh", "id_ed25519"));
  copyFileSync(locked, join(folder, ".ssh", "id_rsa"));
  const found = collectLoginMethods({ ...hop, identityFiles: [plain] });
  expect(found.methods.map((each) => each.name)).toEqual([
    `${plain} (ssh-ed25519)`,
    `${folder}/.ssh/id_ed25519 (ssh-ed25519)`,
  ]);
  expect(found.skipped).toEqual([
    expect.stringContaining("SSH agent"),
    `${folder}/.ssh/id_ecdsa (no such file)`,
    `${folder}/.ssh/id_rsa (protected by a passphrase)`,
  ]);
});
