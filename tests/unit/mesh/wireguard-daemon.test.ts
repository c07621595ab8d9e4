// How a link's wireguard-go is started: wg(8) removes a socket that refuses it, so it must not be asked before the process listens.

import type { AgentContext } from "../../../provider/agent/agent-context";
import { startWireguardDaemon } from "../../../provider/agent/mesh/link/wireguard-daemon";
import { FakeSystem } from "../../fakes/fake-system";

const socketFlags = { bound: "00000000", listening: "00010000" };
const namespaceTable = "/proc/net/unix";

function writeSockets(system: FakeSystem, flags: string): void {
  const head = "Num       RefCount Protocol Flags    Type St Inode Path";
  const other = "000000007b926574: 00000002 00000000 00010000 0001 01 129 /var/run/wireguard/leeal10.sock";
  const own = `00000000e6e957a9: 00000002 00000000 ${flags} 0001 01 1696 /var/run/wireguard/leeal1.sock`;
  system.put(namespaceTable, [head, other, own, ""].join("\n"));
}

/** A host whose wireguard-go has bound its socket and, as long as nothing more is told, does not listen on it. */
function hostWithDaemon(onStart: (system: FakeSystem, pid: number) => void): { ctx: AgentContext; system: FakeSystem } {
  const system = new FakeSystem();
  system.daemons.set("wireguard-go", (_, { pid }) => {
    system.put("/sys/class/net/leeal1/tun_flags", "0x1001\n");
    writeSockets(system, socketFlags.bound);
    onStart(system, pid);
    return {};
  });
  system.programs.set("wg", () => {
    if (!(system.text(namespaceTable) ?? "").includes(`${socketFlags.listening} 0001 01 1696`)) {
      throw new Error("wg(8) was asked before the socket listens, and has removed it");
    }
    return { stdout: "51820\n" };
  });
  const ctx = { system, paths: { run: "/run/leea" }, log: { write: () => undefined } } as unknown as AgentContext;
  return { ctx, system };
}

test("wg is asked only once the process listens on its socket", async () => {
  const { ctx, system } = hostWithDaemon((host) => setTimeout(() => writeSockets(host, socketFlags.listening), 60));
  await startWireguardDaemon(ctx, "leeal1");
  expect(system.ran.filter((line) => line.startsWith("wg "))).toEqual(["wg show leeal1 listen-port"]);
});

test("a process that ends at its start is reported at once, with its own words", async () => {
  const { ctx, system } = hostWithDaemon((host, pid) => {
    host.put("/run/leea/wireguard/leeal1.log", "ERROR: (leeal1) Failed to create TUN device\n");
    setTimeout(() => host.end(pid), 20);
  });
  await expect(startWireguardDaemon(ctx, "leeal1")).rejects.toMatchObject({
    code: "COMMAND_FAILED",
    message: expect.stringContaining("Failed to create TUN device"),
  });
  expect(system.ran).toEqual([]);
}, 5_000);
