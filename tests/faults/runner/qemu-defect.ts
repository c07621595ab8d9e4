// A defect of QEMU itself that a fault brings out now and then, by the words that its process ended with. The guest was killed by
// that, and by nothing of ours: its host has to start it again, and everything else has to hold.

import { withAgent } from "../../e2e/world/world";
import type { FaultHost, FaultWorld } from "../world/fault-world";

/**
 * QEMU 10.0 with multifd inside TLS aborts about once in twenty times that the other end dies in the middle of a stream: an
 * error is reported where one stands already. Which of its threads do so was not traced.
 */
const knownWords = /util\/error\.c:\d+: error_setv: Assertion/;

/** The words, where the host noted since then that the VM's QEMU ended so; undefined where it did not. */
export async function findQemuDefect(
  opened: FaultWorld,
  host: FaultHost,
  sinceMs: number,
): Promise<string | undefined> {
  const answer = await withAgent(opened.world, host, (session) =>
    session.call("getDecisions", { params: { vmId: opened.vm.id } }),
  );
  return answer.decisions
    .filter(({ atMs, decision }) => atMs >= sinceMs && decision === "crashed")
    .flatMap(({ because }) => because)
    .find((reason) => knownWords.test(reason));
}
