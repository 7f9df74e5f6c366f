import type { WaitingRequest } from '@baton/event-store';
import { expect, test } from 'vitest';
import { InboxLine } from './inbox-line.js';

const request = (n: number): WaitingRequest => ({
  requestId: `r${n}`,
  name: 'submit',
  message: {},
  isVouched: true,
  acceptedAt: `2026-01-01 00:00:00.${n}+00`,
});

test('a round goes on behind the last full page, and after the end of the line at its head', () => {
  const line = new InboxLine();
  expect(line.place).toEqual({});
  line.passed([request(1), request(2)], 2);
  expect(line.place).toEqual({ after: request(2) });
  line.passed([request(3)], 2);
  expect(line.place).toEqual({});
});

test('a request that fails waits ever longer, up to a minute, and one that was taken is forgotten', () => {
  const line = new InboxLine();
  const waits: number[] = [];
  for (let failure = 0; failure < 9; failure += 1) {
    line.failed(request(1), 0);
    let waitMs = 0;
    while (!line.isReady(request(1), waitMs)) waitMs += 500;
    waits.push(waitMs);
  }
  expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
  line.taken(request(1));
  expect(line.isReady(request(1), 0)).toBe(true);
});

test('what is remembered has a bound: the one that failed the longest ago is tried again', () => {
  const line = new InboxLine();
  for (let n = 0; n <= 10_000; n += 1) line.failed(request(n), 0);
  expect(line.isReady(request(0), 0)).toBe(true);
  expect(line.isReady(request(1), 0)).toBe(false);
});
