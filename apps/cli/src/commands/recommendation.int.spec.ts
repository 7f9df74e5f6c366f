import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PatternReport, Recommendation, RecommendationReport } from '@baton/contracts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { Bench } from '../testing/baton.js';
import { RUN_ID } from '../testing/events.js';
import { json } from '../testing/http-server.js';

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.start();
});
afterEach(() => bench.stop());

const UNTIL = '2026-01-01T00:00:00.000Z';
const share = { count: 20, of: 20, share: 1, interval: { low: 0.839, high: 1 } };
const idle: Recommendation = {
  id: '0a1b2c3d4e5f',
  kind: 'threshold-idle',
  subject: { workflow: 'seven-step', dimension: 'style' },
  title: 'The threshold of 3 for style decides nothing in seven-step.',
  why: 'Without it nothing changes.',
  evidence: {
    ...{ n: 20, counts: { below: 0 }, share, observational: null },
    examples: [{ runId: RUN_ID, version: 7, decisionId: `${RUN_ID}-d1` }],
  },
  effect: { per: 'decision', costUsd: null, ms: null, text: 'Nothing that runs do.' },
  confidence: 0.839,
  policy: { thresholds: { style: 0 } },
  change: null,
  backtest: {
    ...{ workflow: 'seven-step', since: null, until: UNTIL, runs: 10, decisions: 20 },
    ...{ counts: { same: 20, 'other-move': 0 }, differing: 0, first: 0 },
  },
};
const retries: Recommendation = {
  ...idle,
  id: '0affffffffff',
  kind: 'retries-never-help',
  effect: {
    per: 'retry',
    costUsd: { mean: 0.02, interval: { low: -1, high: 0.03 }, n: 12 },
    ms: null,
    text: 'So much.',
  },
  policy: null,
  change: {
    ...{ in: 'workflow', workflow: 'flaky', version: '1.0.0', op: 'add', path: '/definition/States/Work/Retry/0' },
    value: { ErrorEquals: ['Flaky'], MaxAttempts: 0 },
  },
  backtest: null,
};
const window = { workflow: null, since: null, until: UNTIL, runs: 10, decisions: 20, runsRead: 12, isCut: true };

function answer(recommendations: readonly Recommendation[]): void {
  const looked = { kind: 'rule-overruled' as const, what: 'rules', looked: 14, tooFew: 3, least: 10, note: 'So.' };
  const report: RecommendationReport = { window, recommendations: [...recommendations], looked: [looked] };
  bench.routes.set('GET /v1/recommendations', (_, response) => json(response, 200, report));
}

describe('recommendation list', () => {
  test('is a row each, and says what was looked at and found wanting', async () => {
    answer([idle, retries]);
    const { stdout, stderr, exitCode } = await bench.baton(['recommendation', 'list', '--runs', '12']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^0a1b2c3d4e5f {2}threshold-idle +20 +83 % +0 of 20 +The threshold of 3/m);
    expect(stderr).toContain('Looked at 20 decisions of 10 runs, and at 12 runs as a whole; older ones were left out');
    expect(stderr).toContain('rule-overruled: 14 rules, 3 have too few (10 are needed)');
    expect(bench.server.requests.at(-1)?.path).toBe('/v1/recommendations?runs=12');
    expect(JSON.parse((await bench.baton(['recommendation', 'list', '-o', 'json'])).stdout)).toMatchObject({ window });
  });

  test('says so where there is none', async () => {
    answer([]);
    expect((await bench.baton(['recommendation', 'list'])).stderr).toContain('Nothing is recommended.');
  });
});

describe('recommendation show', () => {
  test('writes a policy that is read as it stands, with the way to try it, and over nothing', async () => {
    answer([idle, retries]);
    const args = ['recommendation', 'show', '0a1b', '--policy-out', 'policy.yaml'];
    const { stdout, stderr, exitCode } = await bench.baton(args);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('in 83 % of such cases at least');
    expect(stdout).toContain('0 of 20 decisions in 10 runs would differ');
    const text = readFileSync(join(bench.dir, 'policy.yaml'), 'utf8');
    expect(parse(text)).toEqual({ thresholds: { style: 0 } });
    const hint = `baton decisions backtest --policy policy.yaml --workflow seven-step --until ${UNTIL}`;
    expect(text).toContain(`# ${hint}`);
    expect(stderr).toContain(hint);
    expect(await bench.baton(args)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('Name a new file') });
  });

  test('shows the exact change, and an effect that is not below nothing', async () => {
    answer([retries]);
    const { stdout } = await bench.baton(['recommendation', 'show', '0aff']);
    expect(stdout).toContain(
      'flaky@1.0.0: add /definition/States/Work/Retry/0 {"ErrorEquals":["Flaky"],"MaxAttempts":0}',
    );
    expect(stdout).toContain('0.0200 (0.0000 to 0.0300, n 12) dollars a retry. So much.');
  });

  test.each<[string, readonly string[], number, string]>([
    ['that is not there', ['ffff'], 3, 'No recommendation begins with ffff'],
    ['of which there are several', ['0a'], 2, 'Several begin with 0a'],
    ['without a policy', ['0aff', '--policy-out', 'x.yaml'], 2, 'not about decisions'],
  ])('refuses one %s', async (_what, args, exitCode, said) => {
    answer([idle, retries]);
    expect(await bench.baton(['recommendation', 'show', ...args])).toMatchObject({
      exitCode,
      stderr: expect.stringContaining(said),
    });
  });
});

test('recommendation show says how a workflow is asked about that is named in the place of an id', async () => {
  answer([idle]);
  const about = { sha256: 'a'.repeat(64), source: 'shipped', publishedAt: null, publishedBy: null, problem: null };
  const workflows = [{ name: 'seven-step', version: '1.0.0', title: 'Seven steps', ...about }];
  bench.routes.set('GET /v1/workflows', (_, response) => json(response, 200, { workflows }));
  expect(await bench.baton(['recommendation', 'show', 'seven-step'])).toMatchObject({
    exitCode: 3,
    stderr: expect.stringContaining('baton recommendation list --workflow seven-step'),
  });
});

test('decisions patterns says which facts go with rules being overruled, and how many were tested', async () => {
  const report: PatternReport = {
    window,
    overrides: { ...share, count: 12, of: 24, share: 0.5 },
    bySource: { advisor: 12 },
    patterns: [
      {
        facts: ['class: complex', 'round: 1'],
        ...{
          withFacts: { ...share, count: 9, of: 12, share: 0.75 },
          without: { ...share, count: 3, of: 12, share: 0.25 },
        },
        ...{ lift: 1.5, oddsRatio: 7.37, interval: { low: 1.3, high: 41 }, p: 0.0391, q: 0.0421 },
        examples: [{ runId: RUN_ID, version: 7, decisionId: `${RUN_ID}-d1` }],
      },
    ],
    ...{ tested: 31, tooFew: 2, leftOff: 1, least: 10, level: 0.05 },
  };
  bench.routes.set('GET /v1/decisions/patterns', (_, response) => json(response, 200, report));
  const { stdout, stderr, exitCode } = await bench.baton(['decisions', 'patterns', '--workflow', 'seven-step']);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(
    /class: complex \+ round: 1 +9 of 12 \(75 %\) +3 of 12 \(25 %\) +1\.50 +7\.37 +1\.3 to 41 +0\.042/,
  );
  expect(stderr).toContain('overruled in 12 of 24 decisions');
  expect(stderr).toContain('31 facts and pairs were tested, 2 facts have too few');
  expect(bench.server.requests.at(-1)?.path).toBe('/v1/decisions/patterns?workflow=seven-step&runs=200');
});
