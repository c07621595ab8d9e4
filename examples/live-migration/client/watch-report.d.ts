// Types of watch-report.js, for the tests and the story; the reasons stand there.

export interface PingEvent {
  readonly kind: "answer" | "silence";
  readonly sequence: number;
  readonly atMs: number;
}
export interface PingReport {
  readonly sent: number;
  readonly lost: number;
  readonly longestGapMs: number | null;
  readonly longestGapAtMs: number | null;
}
export interface ConnectionReport {
  readonly alive: boolean;
  readonly lines: number;
  readonly lostCounters: number;
  readonly longestGapMs: number;
  readonly longestGapAtMs: number;
}
export declare function parsePingLine(line: string): PingEvent | undefined;
export declare function unwrapSequence(sequence: number, highest: number): number;
export declare function splitLines(onLine: (line: string) => void): (chunk: string) => void;
export declare class SilenceMeter {
  constructor(openedAtMs: number);
  readonly longestGapMs: number;
  readonly longestGapAtMs: number;
  note(atMs: number): void;
}
export declare class PingTally {
  take(line: string): void;
  close(atMs: number): void;
  report(): PingReport;
}
export declare class LineTally {
  constructor(openedAtMs: number);
  take(line: string, atMs: number): void;
  close(atMs: number): void;
  end(): void;
  report(): ConnectionReport;
}
