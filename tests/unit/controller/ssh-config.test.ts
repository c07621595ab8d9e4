// What is taken from the output of `ssh -G`, in which defaults and values look the same.

import { parseSshOptions } from "../../../provider/controller/ssh/ssh-config";

const defaults =
  "user me\nhostname web\nport 22\nidentityfile ~/.ssh/id_rsa\nidentityfile ~/.ssh/id_ed25519_sk\nproxyjump none\n";

test("ssh's own defaults say nothing", () => {
  expect(parseSshOptions(defaults, "web", "me")).toEqual({ identityFiles: [], proxyJump: [] });
  expect(parseSshOptions("", "web", "me")).toEqual({ identityFiles: [], proxyJump: [] });
});

test("a host name, port, user, key and chain of jump hosts of the user's own are heard", () => {
  const text =
    "user ops\nhostname 10.0.0.9\nhostkeyalias web-key\nport 2200\nidentityfile /keys/a\nidentityfile /keys/b\nproxyjump gate@bastion:2222,[fd00::1]:22,inner\n";
  expect(parseSshOptions(text, "web", "me")).toEqual({
    hostName: "10.0.0.9",
    hostKeyAlias: "web-key",
    port: 2200,
    user: "ops",
    identityFiles: ["/keys/a", "/keys/b"],
    proxyJump: [
      { host: "bastion", port: 2222, user: "gate" },
      { host: "fd00::1", port: 22, user: expect.any(String) },
      { host: "inner", port: 22, user: expect.any(String) },
    ],
  });
});
