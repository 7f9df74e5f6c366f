import { UsageError } from '../exit-codes.js';

/** When a watch ends before its run does. */
export interface WatchOptions {
  /** As soon as the run waits for an approval. */
  readonly exitOnApproval?: boolean;
  /** Milliseconds. */
  readonly timeout?: number;
}

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };
/** What a timer of Node can hold. */
const MOST_MS = 2 ** 31 - 1;

/** `90`, `90s`, `5m`, `2h` in milliseconds. */
export function parseTimeout(word: string): number {
  const [, number, unit = 's'] = /^(\d{1,9})([smh])?$/.exec(word) ?? [];
  const ms = Number(number) * (UNITS[unit] ?? 0);
  if (ms > 0 && ms <= MOST_MS) return ms;
  throw new UsageError(`--timeout ${word} is not a time from 1s to 596h.`, 'Write --timeout 90s, 5m or 2h.');
}
