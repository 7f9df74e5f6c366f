import type { AnomalyView, CalibrationReport, RunExpectation, WorkflowExpectation } from '@baton/contracts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Bench } from '../testing/baton.js';
import { RUN_ID } from '../testing/events.js';
import { json, problem } from '../testing/http-server.js';

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.start();
});
afterEach(() => bench.stop());

const known = {
  ...{ status: 'known' as const, from: 'version-and-size' as const, sampleSize: 43, costSampleSize: 43 },
  durationMs: { p10: 60_000, p50: 120_000, p90: 300_000 },
  costUsd: { p10: 0.5, p50: 1, p90: 2 },
  success: { rate: 0.8, low: 0.66, high: 0.9, succeeded: 34, sampleSize: 43 },
};
const TAKES =
  'takes 2 min 00 s (1 min 00 s to 5 min 00 s), costs $1.00 ($0.5000 to $2.00), succeeds in 80 % (66 % to 90 %)';
const ofRun: RunExpectation = {
  ...{ runId: RUN_ID, workflow: 'seven-step', version: '1.0.0', status: 'running', outcome: null },
  atStart: known,
  now: { ...known, given: 'step', state: 'Code', visit: 1, elapsedMs: 30_000, endsInMs: known.durationMs },
};
const answer = (route: string, body: object): void =>
  void bench.routes.set(`GET ${route}`, (_, response) => json(response, 200, body));
const about = (body: RunExpectation): void => answer(`/v1/foresight/expectations/${RUN_ID}`, body);

describe('foresight expect', () => {
  test('says what a run is expected to take, and was when it began', async () => {
    about(ofRun);
    const { stdout, exitCode } = await bench.baton(['foresight', 'expect', RUN_ID]);
    expect(exitCode).toBe(0);
    const text = stdout.replace(/\s+/g, ' ');
    expect(text).toContain(`at the start ${TAKES}; from 43 runs of this version with inputs of this size`);
    expect(text).toContain('now ends in 2 min 00 s (1 min 00 s to 5 min 00 s), costs');
    expect(text).toContain('inputs of this size that were in Code for as long');
    expect(JSON.parse((await bench.baton(['foresight', 'expect', RUN_ID, '-o', 'json'])).stdout)).toEqual(ofRun);
  });

  test.each<[Partial<RunExpectation>, string]>([
    [
      { now: { status: 'not-enough', sampleSize: 3, needed: 9 } },
      'now not known: 3 of 9 runs that are needed have ended',
    ],
    [{ now: { status: 'not-comparable', why: 'forked' } }, 'now not known: a run that was forked is like no other'],
    [
      { now: { status: 'beyond-history', elapsedMs: 5, longer: 2, sampleSize: 40 } },
      'now not known: 2 of 40 runs took as long as this one by now',
    ],
    [{ now: null, outcome: { durationMs: 5_000, costUsd: null, isSuccess: false } }, 'came 5.0 s, failed'],
    [{ atStart: null }, 'at the start not on record for you'],
  ])('invents nothing: %j', async (change, said) => {
    about({ ...ofRun, ...change });
    expect((await bench.baton(['foresight', 'expect', RUN_ID])).stdout.replace(/\s+/g, ' ')).toContain(said);
  });

  test('says what a run of a workflow would take, with its states', async () => {
    const body: WorkflowExpectation = {
      ...{ workflow: 'seven-step', version: '1.0.0', inputBytes: 900, expectation: known },
      steps: [{ state: 'Code', sampleSize: 40, durationMs: known.durationMs }],
    };
    answer('/v1/foresight/expectations', body);
    const asked = ['foresight', 'expect', '--workflow', 'seven-step@1.0.0', '--input-bytes', '900'];
    const { stdout } = await bench.baton(asked);
    expect(stdout.replace(/\s+/g, ' ')).toContain(`a run ${TAKES}`);
    expect(stdout).toMatch(/^Code +1 min 00 s +2 min 00 s +5 min 00 s +40$/m);
    expect(bench.server.requests.at(-1)?.path).toBe(
      '/v1/foresight/expectations?workflow=seven-step&version=1.0.0&inputBytes=900',
    );
  });

  test('of no workflow that there is ends as all does that names what is not there', async () => {
    const expectation = { status: 'not-enough', sampleSize: 0, needed: 9 };
    answer('/v1/foresight/expectations', { workflow: 'nope', version: null, inputBytes: null, expectation, steps: [] });
    answer('/v1/workflows', { workflows: [] });
    expect(await bench.baton(['foresight', 'expect', '--workflow', 'nope'])).toMatchObject({ exitCode: 3 });
  });

  test('wants to know which run it is about', async () => {
    for (const args of [[], [RUN_ID, '--workflow', 'w'], [RUN_ID, '--input-bytes', '5']])
      expect((await bench.baton(['foresight', 'expect', ...args])).exitCode).toBe(2);
  });
});

describe('where a workflow is named', () => {
  test.each<[readonly string[], string]>([
    [['foresight', 'expect', 'report'], 'baton foresight expect --workflow report'],
    [['foresight', 'expect', 'report@1.0.0'], 'baton foresight expect --workflow report@1.0.0'],
    [['anomaly', 'list', '--run', 'report'], 'baton anomaly list --workflow report'],
  ])('and a run belongs, %j says how the workflow is asked about', async (args, said) => {
    const sha256 = 'a'.repeat(64);
    const shipped = { sha256, source: 'shipped', publishedAt: null, publishedBy: null, problem: null };
    answer('/v1/workflows', { workflows: [{ name: 'report', version: '1.0.0', title: 'A report', ...shipped }] });
    bench.routes.set('GET /v1/anomalies', (_, response) => problem(response, 404, 'run-not-found', 'There is no run.'));
    expect(await bench.baton(args)).toMatchObject({ exitCode: 3, stderr: expect.stringContaining(said) });
    const other = args.map((word) => word.replace('report', 'repo'));
    expect(await bench.baton(other)).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('baton run list') });
  });

  test.each<[readonly string[]]>([
    [['foresight', 'calibration']],
    [['anomaly', 'list']],
    [['recommendation', 'list']],
    [['decisions', 'patterns']],
  ])('with a version, %j says that all are meant', async (args) => {
    const { exitCode, stderr } = await bench.baton([...args, '--workflow', 'report@1.0.0']);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--workflow report.') });
    expect(bench.server.requests).toEqual([]);
  });

  test.each<[readonly string[]]>([
    [['foresight', 'calibration']],
    [['anomaly', 'list']],
    [['recommendation', 'list']],
    [['decisions', 'patterns']],
  ])('without its option, %j says so', async (args) => {
    const { exitCode, stderr } = await bench.baton([...args, 'report']);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--workflow report') });
  });
});

test('foresight calibration is a row a workflow, with what the figures should be', async () => {
  const quantiles = {
    n: 120,
    coverage: 0.78,
    coverageLow: 0.7,
    coverageHigh: 0.85,
    below: 10,
    above: 16,
    medianFactor: 1.4,
  };
  const none = { n: 0, coverage: null, coverageLow: null, coverageHigh: null, below: 0, above: 0, medianFactor: null };
  const total = {
    ...{ workflow: 'seven-step', ended: 129, notEnough: 9, duration: { ...quantiles, pinball: 0.2 } },
    cost: { ...none, pinball: null },
    success: { n: 120, expected: 0.81, actual: 0.79, brier: 0.16, brierOfMean: 0.166 },
  };
  const report: CalibrationReport = { total, workflows: [total], most: 1_000, isCut: true };
  answer('/v1/foresight/calibration', report);
  const { stdout, stderr } = await bench.baton(['foresight', 'calibration', '--workflow', 'seven-step']);
  expect(stdout).toMatch(
    /^seven-step +129 +9 +78 % \(70 % to 85 %\) of 120 +1\.40x +- +81 % said, 79 % came +0\.160 +0\.166$/m,
  );
  expect(stderr).toContain('should be 80 %');
  expect(stderr).toContain('Only the newest 1000 runs were looked at.');
});

test('anomaly list is a row a measure, and leads to the next page', async () => {
  const anomaly: AnomalyView = {
    ...{ runId: RUN_ID, workflow: 'seven-step', workflowVersion: '1.0.0', measure: 'duration', direction: 'high' },
    ...{ value: 640_000, windowSize: null, median: 62_000, deviations: 9.46, sampleSize: 143, falseAlarmRate: 0.0208 },
    ...{ at: '2026-01-01T00:00:00.000Z', position: 7 },
  };
  const scores = { ...anomaly, measure: 'score' as const, direction: 'low' as const, value: 3, median: null };
  const failures = { ...anomaly, measure: 'failures' as const, value: 0.8, windowSize: 5, median: 0.02 };
  answer('/v1/anomalies', { anomalies: [anomaly, scores, failures], next: 'more' });
  const { stdout, stderr } = await bench.baton(['anomaly', 'list', '--workflow', 'seven-step', '--limit', '2']);
  expect(stdout).toMatch(/duration +10 min 40 s +1 min 02 s +9\.5 above +143 +2\.1 % at most$/m);
  expect(stdout).toMatch(/score +3 +- +9\.5 below/);
  expect(stdout).toMatch(/failures +80 % of 5 +2 % +9\.5 above +143/);
  expect(stderr).toContain('baton anomaly list --workflow seven-step --limit 2 --after more');
  answer('/v1/anomalies', { anomalies: [], next: null });
  expect((await bench.baton(['anomaly', 'list'])).stderr).toContain('Nothing unusual was found.');
});

test('run get, run watch and run submit say it beside all else, and do without where it is not to be had', async () => {
  bench.serveRun();
  const before = await bench.baton(['run', 'get', RUN_ID]);
  expect(before).toMatchObject({ exitCode: 0, stdout: expect.not.stringContaining('expected') });
  about(ofRun);
  expect((await bench.baton(['run', 'get', RUN_ID])).stdout).toMatch(/^expected +ends in 2 min 00 s/m);
  const input = ['--input', '{"requirements":"x"}'];
  bench.routes.set('POST /v1/runs', (_, response) =>
    json(response, 202, { runId: RUN_ID, requestId: 'r', status: 'accepted' }),
  );
  expect((await bench.baton(['run', 'submit', ...input])).stderr).not.toContain('Such a run');
  answer('/v1/foresight/expectations', {
    workflow: 'seven-step',
    version: null,
    inputBytes: 20,
    expectation: known,
    steps: [],
  });
  const { stderr, stdout } = await bench.baton(['run', 'submit', ...input]);
  expect(stderr).toContain(`Such a run ${TAKES}`);
  expect(stdout).toBe(`${RUN_ID}\n`);
});
