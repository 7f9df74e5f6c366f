import type { UsageGroup, UsageReport } from '@baton/contracts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Bench } from '../testing/baton.js';
import { json } from '../testing/http-server.js';

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.start();
});
afterEach(() => bench.stop());

const group = (change: Partial<UsageGroup>): UsageGroup => ({
  ...{ key: 'seven-step', runs: 2, tasks: 9, inputTokens: 10, outputTokens: 5, unpriced: 0 },
  ...{ costUsd: 1.5, knownCostUsd: 1.5, outcomes: null },
  ...change,
});
const report = (change: Partial<UsageReport>): UsageReport => ({
  ...{ by: 'workflow', since: null, until: null, timeZone: 'UTC', groups: [], total: group({ key: null }), leftOff: 0 },
  ...change,
});
const outcomes = {
  ...{
    succeeded: 1,
    failed: 1,
    cancelled: 0,
    medianMs: 1_500,
    p95Ms: 90_000,
    decisions: 4,
    escalations: 3,
    rounds: [],
  },
};

test('usage is a row a group, and one for all of them', async () => {
  const body = report({ groups: [group({ outcomes })], total: group({ key: null, outcomes }), leftOff: 2 });
  bench.routes.set('GET /v1/usage', (_, response) => json(response, 200, body));
  const { stdout, stderr, exitCode } = await bench.baton(['usage', '--since', '2026-01-01', '--until', '2026-02-01']);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^WORKFLOW +RUNS +TASKS +TOKENS +USD +SUCCEEDED +FAILED +MEDIAN +P95 +ASKED A PERSON$/m);
  expect(stdout).toMatch(/^seven-step +2 +9 +15 +1\.5000 +1 +1 +1\.5 s +.* 3$/m);
  expect(stdout).toMatch(/^all +2 /m);
  expect(stderr).toContain('2 more are in the total alone.');
  expect(bench.server.requests.at(-1)?.path).toBe('/v1/usage?by=workflow&since=2026-01-01&until=2026-02-01');
});

test('usage says what is not known, and where nothing was', async () => {
  const unknown = { costUsd: null, unpriced: 4 };
  const body = report({ by: 'agent', groups: [group({ key: 'planner', ...unknown })], total: group(unknown) });
  bench.routes.set('GET /v1/usage', (_, response) => json(response, 200, body));
  const { stdout, stderr } = await bench.baton(['usage', '--by', 'agent']);
  expect(stdout).toMatch(/^planner +2 +9 +15 +1\.5000\+$/m);
  expect(stderr).toContain('whose price is not known: 4.');
  expect(JSON.parse((await bench.baton(['usage', '--by', 'agent', '-o', 'json'])).stdout)).toEqual(body);
  bench.routes.set('GET /v1/usage', (_, response) => json(response, 200, report({ total: group({ runs: 0 }) })));
  expect((await bench.baton(['usage'])).stderr).toContain('No run began then.');
});
