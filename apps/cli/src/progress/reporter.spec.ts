import { expect, test } from 'vitest';
import { recordedIo } from '../testing/console.js';
import { entered, events, startedData } from '../testing/events.js';
import { createReporter } from './reporter.js';

const clock = { nowMs: () => Date.parse('2026-01-01T00:00:05.000Z') };
const list = events(['RunStarted', startedData], entered(1, 'Plan'));
const ESCAPE = '\u001b';

test('off a terminal there are lines and not one escape code', () => {
  const io = recordedIo();
  const reporter = createReporter(io.err, clock);
  for (const event of list) reporter.take(event);
  reporter.notice('waiting');
  reporter.notice(null);
  reporter.say('note');
  reporter.stop();
  expect(io.stderr().split('\n')).toEqual([
    expect.stringContaining('started: two-steps'),
    expect.stringContaining('step 1/2'),
    'waiting',
    'note',
    '',
  ]);
  expect(io.stderr()).not.toContain(ESCAPE);
});

test('on a terminal the run is drawn in place, and the cursor is given back at the end', () => {
  const io = recordedIo({ isTerminal: true });
  const reporter = createReporter(io.err, clock);
  for (const event of list) reporter.take(event);
  reporter.say('planner was killed');
  reporter.stop();
  const text = io.stderr();
  expect(text).toContain('Initial plan');
  expect(text).toContain(`${ESCAPE}[5A${ESCAPE}[J`);
  expect(text.endsWith(`${ESCAPE}[?25h`)).toBe(true);
  expect(text.indexOf('planner was killed')).toBeGreaterThanOrEqual(0);
});
