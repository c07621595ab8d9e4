// The power button is pressed until the guest hears it. The events are the client's own; only QEMU is played.

import { EventHistory } from "../../../provider/agent/qmp/event-history";
import type { QmpEvent } from "../../../provider/agent/qmp/events";
import type { QmpClient } from "../../../provider/agent/qmp/qmp-client";
import { askToShutDown } from "../../../provider/agent/vm/machine/ask-to-shut-down";
import { LeeaError } from "../../../provider/model/errors";

const ended = { event: "SHUTDOWN", data: { guest: true, reason: "guest-shutdown" } } as unknown as QmpEvent;
let presses: number;
let events: EventHistory;

beforeEach(() => {
  jest.useFakeTimers();
  presses = 0;
  events = new EventHistory();
});
afterEach(() => jest.useRealTimers());

/** Calls back at each press, with its number. */
function monitorThat(onPress: (press: number) => void): QmpClient {
  return {
    cursor: () => events.cursor,
    execute: async () => onPress(++presses),
    waitEvent: events.wait.bind(events),
  } as unknown as QmpClient;
}

async function ask(qmp: QmpClient, limitMs: number): Promise<unknown> {
  const asked = askToShutDown(qmp, limitMs).catch((error: unknown) => error);
  await jest.advanceTimersByTimeAsync(limitMs + 1);
  return asked;
}

test("a guest that hears it is asked once", async () => {
  expect(
    await ask(
      monitorThat(() => events.add(ended)),
      30_000,
    ),
  ).toBe(true);
  expect(presses).toBe(1);
});

test("a guest that still boots is asked again, and a SHUTDOWN of before does not count", async () => {
  events.add(ended);
  const hearsThird = monitorThat((press) => void (press === 3 && events.add(ended)));
  expect(await ask(hearsThird, 30_000)).toBe(true);
  expect(presses).toBe(3);
});

test("a guest that hears nothing is given up at the limit, and no press comes after", async () => {
  expect(
    await ask(
      monitorThat(() => undefined),
      12_000,
    ),
  ).toBe(false);
  expect(presses).toBe(3);
  await jest.advanceTimersByTimeAsync(60_000);
  expect(presses).toBe(3);
});

test("a QEMU that ends meanwhile is told", async () => {
  const closed = new LeeaError({ code: "QMP_CLOSED", message: "the monitor is closed" });
  const endsAtSecond = monitorThat((press) => void (press === 2 && events.end(closed)));
  expect(await ask(endsAtSecond, 30_000)).toBe(closed);
});
