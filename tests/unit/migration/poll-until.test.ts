// Waiting with looks: an event hurries the next look, and changes nothing of the ones after it.

import { pollUntil } from "../../../provider/agent/migration/poll-until";

const { signal } = new AbortController();

test("what was waited for is seen at its event, not at the next look", async () => {
  let isReady = false;
  const wake = Promise.resolve().then(() => void (isReady = true));
  await pollUntil(signal, 60_000, async () => isReady, wake);
}, 5_000);

test("an event that ended nothing costs one look, and the others come in their time", async () => {
  let looks = 0;
  const asked: number[] = [];
  const wake = new Promise<void>((resolve) => setTimeout(resolve, 5));
  await pollUntil(
    signal,
    50,
    async () => {
      asked.push(performance.now());
      looks += 1;
      return looks === 4;
    },
    wake,
  );
  const pauses = asked.slice(1).map((at, index) => at - (asked[index] ?? 0));
  // Timers never ring early by more than the clock's own millisecond.
  expect(pauses.slice(1).every((pauseMs) => pauseMs >= 48)).toBe(true);
});

test("a cancel is told at the next look", async () => {
  const stop = new AbortController();
  const waiting = pollUntil(stop.signal, 5, async () => (stop.abort(), false));
  await expect(waiting).rejects.toMatchObject({ code: "CANCELLED" });
});
