// What the kills of an agent came to, counted. It decides nothing.

/** Figures of a run. All but `kills`, `acknowledged`, `starts` and `seconds` must be 0. */
export interface KillCount {
  kills: number;
  /** Operations that the agent had accepted or ended when it was killed. */
  acknowledged: number;
  /** Of those, ones that it did not know any more, or whose result had changed. */
  lostOperations: number;
  /** QEMU processes of no VM that should run, and folders of no VM that exists. */
  orphans: number;
  /** A second QEMU of a VM beside the first. */
  doubleStarts: number;
  /** Guests that no operation was about and that did not go on in the same process. */
  touchedGuests: number;
  /** VMs that were not as the last acknowledged operation said. */
  wrongVms: number;
  /** QEMU processes that were started. */
  starts: number;
  seconds: number;
}

/** A run in which nothing has happened. */
export function noKills(): KillCount {
  return {
    kills: 0,
    acknowledged: 0,
    lostOperations: 0,
    orphans: 0,
    doubleStarts: 0,
    touchedGuests: 0,
    wrongVms: 0,
    starts: 0,
    seconds: 0,
  };
}

/** True where nothing went wrong. */
export function isSound(count: KillCount): boolean {
  return count.lostOperations + count.orphans + count.doubleStarts + count.touchedGuests + count.wrongVms === 0;
}
