// Waiting with looks: an event hurries the next look.

import { pollUntil } from "../../../provider/agent/migration/poll-until";

const { signal } = new AbortController();

test("what was waited for is seen at its event, not at the next look", async () => {
  let isReady = false;
  const wake = new Promise<void>((resolve) => setTimeout(resolve, 20)).then(() => void (isReady = true));
  await pollUntil(signal, 60_000, async () => isReady, wake);
}, 5_000);

test("a cancel is told at the next look", async () => {
  const stop = new AbortController();
  const waiting = pollUntil(stop.signal, 5, async () => (stop.abort(), false));
  await expect(waiting).rejects.toMatchObject({ code: "CANCELLED" });
});
