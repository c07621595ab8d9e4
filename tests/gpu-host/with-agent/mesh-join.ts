// leea's own way onto a host with the real kernel: MeshNodes made over SSH, as systemd units in cgroup v2, linked by the
// kernel's WireGuard.

import { waitFor } from "../../e2e/world/wait-for";
import type { GpuHost } from "../rig/gpu-host";
import type { LeeaWorld } from "../rig/leea-world";

/** Whether a ping from the host to the mesh address comes back. */
export const answersFrom = (host: GpuHost, address: unknown) =>
  host.run(`ping -c 1 -W 2 ${String(address)} >/dev/null && echo yes || :`).then((said) => said === "yes");

/** Two hosts in one mesh. */
export function describeMeshJoin(world: LeeaWorld): void {
  describe("two hosts with the real kernel", () => {
    test("are MeshNodes, each with its agent as a unit of systemd", async () => {
      for (const host of [world.a, world.b]) {
        expect(await host.run("systemctl is-active leea-agent; systemctl is-enabled leea-agent")).toBe(
          "active\nenabled",
        );
        const unit = await host.run("systemctl show -P MainPID leea-agent");
        expect(await host.run(`cat /proc/${unit}/cgroup; tr '\\0' ' ' </proc/${unit}/cmdline`)).toMatch(
          /^0::\/system\.slice\/leea-agent\.service\n.*agent\.cjs serve/,
        );
      }
    });

    test("are linked by the kernel's WireGuard, with no process for it", async () => {
      await waitFor("a's way to b", () => answersFrom(world.a, world.nodeB.known.outputs["meshAddress"]), 120_000);
      await waitFor("b's way to a", () => answersFrom(world.b, world.nodeA.known.outputs["meshAddress"]), 120_000);
      for (const host of [world.a, world.b]) {
        expect(await host.run("ip -o link show type wireguard | cut -d : -f 2")).toMatch(/^leeal\d+$/);
        expect(await host.run("pgrep -c wireguard-go || :")).toBe("0");
        expect(Number(await host.run("wg show all latest-handshakes | cut -f 3"))).toBeGreaterThan(0);
      }
    });
  });
}
