import type { ScheduleDetail } from '@baton/contracts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Bench } from '../testing/baton.js';
import { json, problem } from '../testing/http-server.js';

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.start();
});
afterEach(() => bench.stop());

const schedule: ScheduleDetail = {
  scheduleId: '7c1d02aa-3d4b-4a51-9a58-5b1f3a0c2e11',
  name: 'nightly',
  version: 1,
  status: 'active',
  stop: null,
  timing: { type: 'cron', expression: '30 2 * * *', timeZone: 'Europe/Berlin' },
  run: { workflow: 'report', input: { of: 'x' } },
  overlap: 'skip',
  catchUp: { policy: 'last', most: 10, withinSeconds: 86_400 },
  jitterSeconds: 0,
  endsAt: null,
  nextDueAt: '2026-12-01T01:30:00.000Z',
  createdAt: '2026-11-01T00:00:00.000Z',
  createdBy: { type: 'user', id: 'ada' },
  upcoming: ['2026-12-01T01:30:00.000Z', '2026-12-02T01:30:00.000Z'],
  firings: [
    {
      dueAt: '2026-11-30T01:30:00.000Z',
      untilAt: '2026-11-30T01:30:00.000Z',
      count: 1,
      outcome: 'started',
      isManual: false,
      runId: '3f2a91c0-1111-4111-8111-111111111111',
      status: 'refused',
      reason: 'unknown-workflow: There is no workflow report.',
    },
    {
      dueAt: '2026-11-20T01:30:00.000Z',
      untilAt: '2026-11-29T01:30:00.000Z',
      count: 10,
      outcome: 'missed',
      isManual: false,
      runId: null,
      status: null,
      reason: null,
    },
  ],
};
const { upcoming: _, firings: __, ...view } = schedule;
const serve = (route: string, status: number, body: unknown): void =>
  void bench.routes.set(route, (_request, response) => json(response, status, body));

const create = (...words: readonly string[]) =>
  bench.baton(['schedule', 'create', 'nightly', '--workflow', 'report', '--input', '{"of":"x"}', ...words]);

test('a schedule is made of what the options say', async () => {
  serve('POST /v1/schedules', 201, view);
  const when = ['--cron', '30 2 * * *', '--time-zone', 'Europe/Berlin'];
  const more = ['--overlap', 'queue', '--catch-up', 'all', '--catch-up-most', '3', '--catch-up-within', '2h'];
  const { exitCode, stdout } = await create(
    ...when,
    ...more,
    '--jitter',
    '5m',
    '--label',
    'team=red',
    '--budget',
    'usd=5',
  );
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^when +30 2 \* \* \* Europe\/Berlin$/m);
  expect(bench.lastBody()).toEqual({
    name: 'nightly',
    timing: { type: 'cron', expression: '30 2 * * *', timeZone: 'Europe/Berlin' },
    run: { workflow: 'report', input: { of: 'x' }, labels: { team: 'red' }, budget: { usd: 5 } },
    overlap: 'queue',
    catchUp: { policy: 'all', most: 3, withinSeconds: 7_200 },
    jitterSeconds: 300,
  });
});

test.each([
  [[], 'not said when'],
  [['--every', '1h', '--at', '2030-01-01T00:00:00Z'], 'said twice'],
  [['--every', '1h', '--time-zone', 'Europe/Berlin'], 'no meaning without --cron'],
  [['--every', 'soon'], 'is not a time'],
  [['--every', '5s'], '--every must be at least 10 s.'],
  [['--at', 'tomorrow'], '--at must be a time with its offset'],
  [['--every', '1h', '--catch-up-most', '1000'], '--catch-up-most must be at most'],
])('%j is refused before anything is asked', async (words, reason) => {
  const { exitCode, stderr } = await create(...words);
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining(reason)]);
  expect(bench.lastBody()).toBeNull();
});

test('a schedule is shown with what comes and what was, and why a run could not begin', async () => {
  serve('GET /v1/schedules/nightly', 200, { ...schedule, jitterSeconds: 300 });
  const { stdout } = await bench.baton(['schedule', 'show', 'nightly']);
  expect(stdout).toMatch(/^catch up +the last one, not older than 1 d$/m);
  expect(stdout).toMatch(/^jitter +up to 5 min$/m);
  expect(stdout).toContain('due next\n  2026-12-01 01:30:00Z\n');
  expect(stdout).toMatch(/2026-11-30 01:30:00Z +started +3f2a91c0 +refused +unknown-workflow/);
  expect(stdout).toMatch(/2026-11-20 01:30:00Z +missed 10, up to 2026-11-29 01:30:00Z/);
});

test('schedules are listed, rest, work again, are started by hand, and are removed', async () => {
  serve('GET /v1/schedules', 200, { schedules: [view], unreadable: ['of-later'] });
  serve('POST /v1/schedules/nightly/pause', 200, { ...view, status: 'paused', nextDueAt: null });
  serve('POST /v1/schedules/nightly/resume', 200, view);
  const runId = '3f2a91c0-1111-4111-8111-111111111111';
  serve('POST /v1/schedules/nightly/trigger', 202, { runId, requestId: 'r', status: 'accepted' });
  bench.routes.set('DELETE /v1/schedules/nightly', (_request, response) => void response.writeHead(204).end());
  const listed = await bench.baton(['schedule', 'list']);
  expect(listed.stdout).toMatch(/^nightly +active +30 2 \* \* \* Europe\/Berlin +report/m);
  expect(listed.stderr).toContain('a newer version of Baton has made them: of-later');
  expect((await bench.baton(['schedule', 'pause', 'nightly'])).stdout).toMatch(/^status +paused$/m);
  expect((await bench.baton(['schedule', 'resume', 'nightly'])).stdout).toMatch(/^status +active$/m);
  expect((await bench.baton(['schedule', 'trigger', 'nightly'])).stdout).toBe(`${runId}\n`);
  expect((await bench.baton(['schedule', 'delete', 'nightly'])).exitCode).toBe(0);
  expect((await bench.baton(['schedule', 'pause', 'No Such'])).exitCode).toBe(2);
});

test('one that was stopped says why, and what to do about it', async () => {
  const stop = { reason: 'key-revoked', detail: 'The key ada was revoked.', at: '2026-11-30T01:30:00.000Z' };
  const stopped = { ...view, status: 'stopped', stop, nextDueAt: null };
  serve('GET /v1/schedules/nightly', 200, { ...schedule, ...stopped });
  const { stdout } = await bench.baton(['schedule', 'show', 'nightly']);
  expect(stdout).toMatch(/^stopped +2026-11-30 01:30:00Z: The key ada was revoked\.$/m);
  expect(stdout).toContain('baton schedule take-over nightly');
  serve('GET /v1/schedules/nightly', 200, { ...schedule, ...stopped, upcoming: [] });
  expect((await bench.baton(['schedule', 'show', 'nightly'])).stdout).toMatch(
    /^due +nothing.*schedule trigger nightly/m,
  );
  bench.routes.set('POST /v1/schedules/nightly/resume', (_request, response) =>
    problem(response, 409, 'schedule-stopped', 'It was stopped.'),
  );
  expect((await bench.baton(['schedule', 'resume', 'nightly'])).stderr).toContain('`baton schedule take-over`');
  serve('POST /v1/schedules/nightly/take-over', 200, view);
  expect((await bench.baton(['schedule', 'take-over', 'nightly'])).stdout).toMatch(/^status +active$/m);
});

test('a gateway of before, which knows of no stop and of nothing that it cannot read, is understood', async () => {
  const { stop: _, ...ofBefore } = schedule;
  serve('GET /v1/schedules/nightly', 200, ofBefore);
  serve('GET /v1/schedules', 200, { schedules: [ofBefore] });
  expect((await bench.baton(['schedule', 'show', 'nightly'])).stdout).toMatch(/^status +active$/m);
  expect((await bench.baton(['schedule', 'list'])).stdout).toMatch(/^nightly +active/m);
});
