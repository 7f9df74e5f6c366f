import { describe, expect, test } from 'vitest';
import { catchUpInWords, timingInWords } from './timing-in-words.js';

describe('a schedule in words', () => {
  test('says when it is due', () => {
    const cron = { type: 'cron', expression: '0 6 * * 1-5', timeZone: 'Europe/Berlin' } as const;
    expect(timingInWords({ timing: cron })).toBe('0 6 * * 1-5 (Europe/Berlin)');
    expect(timingInWords({ timing: { type: 'interval', seconds: 3_600 } })).toBe('every 1 h');
    expect(timingInWords({ timing: { type: 'at', at: '2026-12-01T06:00:00Z' } })).toBe('once');
  });

  test('says what becomes of what was missed', () => {
    const catchUp = { most: 10, withinSeconds: 60 } as const;
    expect(catchUpInWords({ catchUp: { ...catchUp, policy: 'skip' } })).toBe('left out');
    expect(catchUpInWords({ catchUp: { ...catchUp, policy: 'last' } })).toMatch(/^the last one is started, if/);
    expect(catchUpInWords({ catchUp: { ...catchUp, policy: 'all' } })).toMatch(/^10 at most are started, if/);
  });
});
