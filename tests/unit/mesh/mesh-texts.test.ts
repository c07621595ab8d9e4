// The texts that other programs read: BIRD's configuration and wg(8)'s arguments and dump, held against committed ones.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { birdConfig } from "../../../provider/model/bird-config";
import { readWireguardDump, setWireguardArgv } from "../../../provider/model/mesh/wireguard-config";

const input = {
  meshAddress: "10.91.7.21",
  meshAddress6: "fd12:3456:789a:1:2:3:4:5",
  nodeRange: "10.91.0.0/16",
  vmRange: "10.92.0.0/16",
  range6: "fd12:3456:789a::/48",
};
const golden = readFileSync(join(__dirname, "../../golden/mesh/bird.conf"), "utf8");

test("BIRD's configuration is the committed one", () => {
  expect(birdConfig(input)).toBe(golden);
});

const birdPath = ["/usr/sbin/bird", "/usr/bin/bird"].find((path) => spawnSync(path, ["--version"]).status === 0);

(birdPath === undefined ? test.skip : test)("this machine's BIRD accepts the configuration", () => {
  const folder = mkdtempSync("/tmp/leea-bird-");
  const path = join(folder, "bird.conf");
  writeFileSync(path, birdConfig(input));
  const { status, stderr } = spawnSync(birdPath ?? "", ["-p", "-c", path], { encoding: "utf8" });
  rmSync(folder, { recursive: true });
  expect(stderr).toBe("");
  expect(status).toBe(0);
});

const link = {
  interfaceName: "leeal3",
  listenPort: 51823,
  privateKeyPath: "/var/lib/leea/keys/wireguard.key",
  peerPublicKey: "KEY=",
};

test("a link's peer may send anything, and its endpoint is set only when it is known", () => {
  const argv = setWireguardArgv(link);
  expect(argv.join(" ")).toBe(
    "wg set leeal3 listen-port 51823 private-key /var/lib/leea/keys/wireguard.key peer KEY= persistent-keepalive 20 allowed-ips 0.0.0.0/0,::/0",
  );
  expect(setWireguardArgv({ ...link, endpoint: { address: "2001:db8::7", port: 51820 } })).toContain(
    "[2001:db8::7]:51820",
  );
  expect(setWireguardArgv({ ...link, endpoint: { address: "b.example", port: 51820 } })).toContain("b.example:51820");
});

test("a dump tells port, peers, endpoints and the last handshake in milliseconds", () => {
  const dump =
    "PRIV\tPUB=\t51823\toff\nPEER=\t(none)\t192.0.2.7:51820\t0.0.0.0/0,::/0\t1795362999\t9212\t11120\t20\nNEW=\t(none)\t(none)\t(none)\t0\t0\t0\toff\n";
  expect(readWireguardDump(dump)).toEqual({
    publicKey: "PUB=",
    listenPort: 51823,
    peers: [
      {
        publicKey: "PEER=",
        endpoint: "192.0.2.7:51820",
        lastHandshakeMs: 1795362999000,
        receivedBytes: 9212,
        sentBytes: 11120,
      },
      { publicKey: "NEW=", lastHandshakeMs: 0, receivedBytes: 0, sentBytes: 0 },
    ],
  });
  expect(readWireguardDump("")).toBeUndefined();
});
