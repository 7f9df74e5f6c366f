import { expect, test, vi } from 'vitest';
import { isTimeZone, readingAt } from './wall-clock.js';

/** The same zone, written in other letters for each number. */
const berlin = (number: number): string =>
  [...'europe/berlin'].map((letter, n) => ((number >> n) & 1 ? letter.toUpperCase() : letter)).join('');

test('a zone that is written in ever other letters is known, and what is remembered of it has an end', () => {
  const made = vi.spyOn(Intl, 'DateTimeFormat');
  try {
    expect(isTimeZone(berlin(0))).toBe(true);
    const once = made.mock.calls.length;
    expect(readingAt(berlin(0), 0)).toBe(3_600_000);
    expect(made.mock.calls.length).toBe(once);
    for (let number = 1; number <= 200; number += 1) expect(isTimeZone(berlin(number))).toBe(true);
    const all = made.mock.calls.length;
    expect(readingAt(berlin(0), 0)).toBe(3_600_000);
    expect(made.mock.calls.length).toBe(all + 1);
  } finally {
    made.mockRestore();
  }
});
