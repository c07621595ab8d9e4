// Arithmetic of the watching client: what the lines of ping and of the connections say about silence and loss.
// Pure: no clock, no I/O; every time comes in as a number of milliseconds.
"use strict";

const SEQUENCE_WRAP = 65536; // ICMP's sequence number has 16 bits

/**
 * Reads one line of iputils `ping -D -O`: {kind: "answer" | "silence", sequence, atMs} or undefined for any other line.
 * "silence" is ping's "no answer yet": the number was sent, its answer may still come.
 */
function parsePingLine(line) {
  const match = /^\[(\d+\.\d+)\] (.*)icmp_seq=(\d+)(.*)$/.exec(line);
  if (match === null) return undefined;
  const [, seconds, before, sequence, after] = match;
  const atMs = Number(seconds) * 1000;
  if (before.includes("no answer yet")) return { kind: "silence", sequence: Number(sequence), atMs };
  if (/\bbytes from\b/.test(before) && /\btime=/.test(after)) {
    return { kind: "answer", sequence: Number(sequence), atMs };
  }
  return undefined; // an error message of a router ("Destination Host Unreachable"): not an answer
}

/** Gives the full number of a sequence number that has wrapped: the one nearest to the highest seen so far. */
function unwrapSequence(sequence, highest) {
  const turns = Math.round((highest - sequence) / SEQUENCE_WRAP);
  return sequence + Math.max(0, turns) * SEQUENCE_WRAP;
}

/** Keeps the longest silences between events; `openedAtMs` is when listening began. */
class SilenceMeter {
  constructor(openedAtMs) {
    this.lastMs = openedAtMs;
    this.longestGapMs = 0;
    this.longestGapAtMs = openedAtMs;
  }

  /** Notes an event at `atMs`, or the end of listening. */
  note(atMs) {
    if (atMs - this.lastMs > this.longestGapMs) {
      this.longestGapMs = atMs - this.lastMs;
      this.longestGapAtMs = this.lastMs;
    }
    this.lastMs = Math.max(this.lastMs, atMs);
  }
}

/**
 * Counts pings. `take(line)` for each line of ping; `close(atMs)` fixes which numbers count and ends the gaps;
 * answers taken after that still settle earlier numbers. `report()`: {sent, lost, longestGapMs, longestGapAtMs}.
 */
class PingTally {
  constructor() {
    this.answered = new Set();
    this.highest = 0;
    this.counted = undefined;
    this.meter = undefined;
  }

  take(line) {
    const event = parsePingLine(line);
    if (event === undefined) return;
    const sequence = unwrapSequence(event.sequence, this.highest);
    this.highest = Math.max(this.highest, sequence);
    if (event.kind !== "answer") return;
    this.answered.add(sequence);
    if (this.counted !== undefined) return;
    this.meter ??= new SilenceMeter(event.atMs);
    this.meter.note(event.atMs);
  }

  close(atMs) {
    this.counted = this.highest;
    this.meter?.note(atMs);
  }

  report() {
    const sent = this.counted ?? this.highest;
    let lost = 0;
    for (let sequence = 1; sequence <= sent; sequence += 1) if (!this.answered.has(sequence)) lost += 1;
    const gap = this.meter ?? { longestGapMs: null, longestGapAtMs: null };
    return { sent, lost, longestGapMs: round(gap.longestGapMs), longestGapAtMs: round(gap.longestGapAtMs) };
  }
}

/**
 * Counts the lines of one connection. `take(line, atMs)`; a line opens with a counter that rises by one.
 * `close(atMs)` ends gaps and counts; a line after that only proves that the connection lives. `end()`: it was closed or failed.
 */
class LineTally {
  constructor(openedAtMs) {
    this.meter = new SilenceMeter(openedAtMs);
    this.lines = 0;
    this.lostCounters = 0;
    this.lastCounter = 0;
    this.closed = false;
    this.livedOn = false;
    this.ended = false;
  }

  take(line, atMs) {
    const counter = Number.parseInt(line, 10);
    if (counter !== this.lastCounter + 1) this.lostCounters += Math.max(1, counter - this.lastCounter - 1) || 1;
    this.lastCounter = counter;
    if (this.closed) {
      this.livedOn = true;
      return;
    }
    this.lines += 1;
    this.meter.note(atMs);
  }

  close(atMs) {
    this.closed = true;
    this.meter.note(atMs);
  }

  end() {
    this.ended = true;
  }

  report() {
    const { longestGapMs, longestGapAtMs } = this.meter;
    const alive = this.livedOn && !this.ended && this.lostCounters === 0;
    const gap = { longestGapMs: round(longestGapMs), longestGapAtMs: round(longestGapAtMs) };
    return { alive, lines: this.lines, lostCounters: this.lostCounters, ...gap };
  }
}

function round(ms) {
  return ms === null ? null : Math.round(ms * 10) / 10;
}

/** Splits a stream of text into lines; gives a function that takes chunks and calls `onLine` for each whole line. */
function splitLines(onLine) {
  let rest = "";
  return (chunk) => {
    const parts = (rest + chunk).split("\n");
    rest = parts.pop();
    for (const part of parts) onLine(part);
  };
}

module.exports = { LineTally, PingTally, SilenceMeter, parsePingLine, splitLines, unwrapSequence };
