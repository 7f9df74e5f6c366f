import { describe, expect, test } from 'vitest';
import { scheduleInForm } from './schedule-in-form.js';

const CRON = { name: 'nightly', type: 'cron', expression: '0 6 * * *', timeZone: 'UTC', workflow: 'report', input: '' };

function formOf(fields: Readonly<Record<string, string>>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return form;
}

describe('the form of a schedule', () => {
  test('gives what is sent', () => {
    expect(scheduleInForm(formOf({ ...CRON, overlap: 'queue', policy: 'all' }))).toEqual({
      body: {
        name: 'nightly',
        timing: { type: 'cron', expression: '0 6 * * *', timeZone: 'UTC' },
        run: { workflow: 'report', input: {} },
        overlap: 'queue',
        catchUp: { policy: 'all', most: 10, withinSeconds: 86_400 },
        jitterSeconds: 0,
      },
    });
  });

  test('takes a time by the clock of whoever fills it in', () => {
    const read = scheduleInForm(formOf({ ...CRON, type: 'at', at: '2026-12-01T06:00' }));
    expect(read).toMatchObject({ body: { timing: { type: 'at', at: new Date('2026-12-01T06:00').toISOString() } } });
  });

  test('takes an interval in seconds', () => {
    const read = scheduleInForm(formOf({ ...CRON, type: 'interval', seconds: '90', input: '{"a": 1}' }));
    expect(read).toMatchObject({ body: { timing: { type: 'interval', seconds: 90 }, run: { input: { a: 1 } } } });
  });

  test.each(['{"a": ', '[1]', '"text"', 'null'])('does not send %s as the input', (input) => {
    expect(scheduleInForm(formOf({ ...CRON, input }))).toEqual({ problem: expect.any(String) });
  });
});
