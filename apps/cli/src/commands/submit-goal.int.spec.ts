import { afterEach, beforeEach, expect, test } from 'vitest';
import { Bench, RUN_PATH } from '../testing/baton.js';
import { event, RUN_ID } from '../testing/events.js';
import { json } from '../testing/http-server.js';
import { runView } from '../testing/run-view.js';

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.start();
});
afterEach(() => bench.stop());

const composed = {
  ok: true,
  document: {
    title: 'A report',
    definition: { States: { Prepare: { Type: 'Pass' }, Report: { Resource: 'baton:workflow:report@1.1.0' } } },
  },
  ref: 'goal-0123456789abcdef@1.0.0',
  findings: [{ severity: 'warning', pointer: '/x', message: 'mind this' }],
  cost: {
    usd: 0.12,
    mostUsd: 0.36,
    steps: [
      {
        ...{ step: 'Report', use: 'workflow:report@1.1.0', usd: 0.12, mostUsd: 0.36, from: 'past-runs' },
        ...{ sampleSize: 14, says: 'the mean of 14 runs' },
      },
    ],
  },
};

/** @param view how the run stands once it was composed */
function serve(view: Parameters<typeof runView>[0]): void {
  bench.routes.set('POST /v1/goals', (_, response) =>
    json(response, 202, { runId: RUN_ID, requestId: 'r', status: 'accepted' }),
  );
  bench.routes.set(`GET ${RUN_PATH}`, (_, response) => json(response, 200, runView({ workflow: 'goal', ...view })));
  const told = event(3, 'TaskSucceeded', { visit: 2, commandId: `${RUN_ID}-2`, output: composed });
  bench.routes.set(`GET ${RUN_PATH}/events`, (_, response) => json(response, 200, { events: [told], next: null }));
}

const sent = (): unknown => JSON.parse(bench.server.requests.find(({ method }) => method === 'POST')?.body ?? 'null');

test('shows what was composed, what it may cost and how to approve it, and says that it waits', async () => {
  const approvalId = `${RUN_ID}-3`;
  const since = '2026-01-01T00:00:00.000Z';
  serve({ status: 'running', endedAt: null, waitingFor: [{ kind: 'approval', state: 'Approve', approvalId, since }] });
  const { exitCode, stdout, stderr } = await bench.baton([
    ...['run', 'submit', '--goal', 'Write a report', '--input', '{"data": 1}', '--label', 'team=red'],
  ]);
  expect({ exitCode, stdout }).toEqual({ exitCode: 8, stdout: `${RUN_ID}\n` });
  for (const text of ['A report', 'goal-0123456789abcdef@1.0.0', 'workflow:report@1.1.0', 'the mean of 14 runs'])
    expect(stderr).toContain(text);
  expect(stderr).toContain('$0.1200, at most $0.3600');
  expect(stderr).toContain('warning /x: mind this');
  expect(stderr).toContain('baton approval approve');
  expect(sent()).toEqual({
    goal: 'Write a report',
    input: { data: 1 },
    approval: 'ask',
    labels: { team: 'red' },
  });
});

test('says why a goal is served by nobody, with the exit code of a run that failed', async () => {
  serve({ status: 'failed', error: 'Goal.NothingServes', cause: 'Missing: poet.' });
  const { exitCode, stderr } = await bench.baton(['run', 'submit', '--goal', 'Write a poem', '--yes']);
  expect(exitCode).toBe(5);
  expect(stderr).toContain('Missing: poet.');
  expect(sent()).toMatchObject({ approval: 'given' });
});

test.each([
  [['--goal', '  '], /goal .*empty/],
  [['--goal', 'x'.repeat(4_001)], /more than 4000 characters/],
  [['--goal', 'x', '--workflow', 'report'], /--workflow has no meaning with --goal/],
  [['--goal', 'x', '--set', 'a=1'], /--set has no meaning with --goal/],
  [['--yes', '--input', '{}'], /--yes has no meaning without --goal/],
  [['--another-approves', '--input', '{}'], /--another-approves has no meaning without --goal/],
  [['--goal', 'x', '--yes', '--another-approves'], /--another-approves has no meaning with --yes/],
])('refuses %j before anything is sent', async (args, why) => {
  const { exitCode, stderr } = await bench.baton(['run', 'submit', ...args]);
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(why);
});

test('a rating is sent with what it is about, and a score that is none is not', async () => {
  bench.serveRun();
  bench.routes.set(`POST ${RUN_PATH}/ratings`, (_, response) =>
    json(response, 202, { runId: RUN_ID, requestId: 'r', status: 'accepted' }),
  );
  const rate = (...args: readonly string[]) => bench.baton(['run', 'rate', '3f2a', ...args]);
  expect((await rate('--score', '4', '--step', 'Plan', '--note', 'Good')).exitCode).toBe(0);
  expect(bench.lastBody()).toEqual({ score: 4, state: 'Plan', note: 'Good' });
  expect((await rate('--score', '6')).exitCode).toBe(2);
  expect((await rate('--score', '5', '--step', 'A', '--decision', 'd')).exitCode).toBe(2);
});
