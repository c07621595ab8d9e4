// What a host was told when it became a node is forgotten when it leaves, but for the packages that stay on it.

import { defaultStoragePath } from "../../../provider/agent/host-paths";
import { forgetNode, readNodeSettings, saveNodeSettings } from "../../../provider/agent/node/node-settings";
import { FakeSystem } from "../../fakes/fake-system";

test("a host that has left has no owner and no storage path of its own, and still tells what set-up installed", async () => {
  const system = new FakeSystem();
  await saveNodeSettings(system, { owner: "o/p/s", name: "a", storagePath: "/srv/leea", madeStorage: true });
  await saveNodeSettings(system, { installedBySetup: ["bird2"] });
  await forgetNode(system);
  expect(await readNodeSettings(system)).toEqual({ storagePath: defaultStoragePath, installedBySetup: ["bird2"] });
});
