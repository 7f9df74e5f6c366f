import type { EventView } from '@baton/contracts';
import { expect, test } from 'vitest';
import { evolveProgress } from '../progress/evolve-progress.js';
import { formatTools } from '../progress/lines.js';
import type { Progress } from '../progress/progress.js';
import { decided, entered, events, startedData, toolReport } from '../testing/events.js';
import { runView } from '../testing/run-view.js';
import { unrunNotice } from './demo.js';
import { demoResult, reportLines } from './demo-result.js';

const list: readonly EventView[] = events(
  ['RunStarted', startedData],
  entered(1, 'Plan'),
  ['TaskSucceeded', { visit: 1, output: toolReport, model: 'offline' }],
  decided(1, { alignment: 7 }, 'Plan'),
);
const progress = list.reduce<Progress | null>(evolveProgress, null);
const verification = { verified: true, events: 84, runs: 1, problem: null };
const written = { outDir: '/o', files: ['a.ts', 'b.ts'], testCommand: 'node --test' };
const report = { run: runView(), verification, progress, written };

test('the object has exactly the promised fields', () => {
  expect(demoResult(report)).toEqual({
    runId: report.run.runId,
    workflow: 'seven-step',
    status: 'succeeded',
    model: 'offline',
    rounds: { plan: 2, code: 1 },
    steps: [{ state: 'Plan', step: 1, attempt: 1, status: 'succeeded', durationMs: 1200 }],
    decisions: { bySource: { programmatic: 3 } },
    scores: [{ phase: 'plan', round: 1, scores: { alignment: 7 } }],
    events: 3,
    verified: true,
    outDir: '/o',
    usage: { inputTokens: 0, outputTokens: 0, costUsd: 0 },
  });
});

test('a phase that was never reached has no round', () => {
  const early = runView({ status: 'failed', rounds: {} });
  expect(demoResult({ ...report, run: early, written: null })).toMatchObject({ rounds: { plan: 0 }, outDir: null });
});

test('the report says what was seen, where the files are and what to do next', () => {
  const lines = reportLines(report, 'out/x').map((line) => line.replace(/ {2,}/g, ' '));
  expect(lines).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^run 3f2a91c0-.* succeeded in 4\.0 s$/),
      'model offline (scripted and deterministic, no language model)',
      'tools types passed, tests failed (1 finding), lint left out (no sandbox)',
      'log verified yes: 84 events, every hash and number checked',
      'files 2 files in out/x',
      `test them cd out/x && ${process.execPath} --test`,
      expect.stringContaining('baton replay 3f2a91c0'),
      ' plan round 1: alignment 7; next is Plan',
    ]),
  );
});

test('the report never calls a log good that is not', () => {
  const broken = { ...report, verification: { ...verification, verified: false, problem: 'event 7 has another hash' } };
  expect(reportLines(broken, 'out/x').join('\n')).toMatch(/log verified +NO: event 7 has another hash/);
});

test('a demo with a model whose tests cannot be executed says so before anything is paid', async () => {
  const submission = { workflow: 'seven-step', input: { escalation: 'fail' } };
  const all = { ANTHROPIC_API_KEY: 'k' };
  const choose = async () => ({ executes: 'trusted', summary: 'there is no sandbox', next: 'Install it.' }) as const;
  expect(await unrunNotice({ all }, submission, choose)).toMatch(/the run will end and say so.*Install it\./);
  expect(await unrunNotice({ all }, { ...submission, input: {} }, choose)).toContain('ask a person');
  const anything = async () => ({ ...(await choose()), executes: 'anything' }) as const;
  expect(await unrunNotice({ all }, submission, anything)).toBeNull();
  expect(await unrunNotice({ all: {} }, submission, choose)).toBeNull();
  expect(await unrunNotice({ all }, { ...submission, workflow: 'report' }, choose)).toBeNull();
});

test('level 2 that did not pass without a failing tool is not shown as if it had', () => {
  const left = { tool: 'tests', status: 'left-out', durationMs: 0, findings: [], reason: 'There is no sandbox.' };
  const passed = { tool: 'types', status: 'passed', durationMs: 0, findings: [], reason: null };
  expect(formatTools({ passed: false, tools: [passed, left], warning: null })).toBe(
    'types passed, tests left out (There is no sandbox.); what was not run did not pass',
  );
  expect(formatTools({ passed: true, tools: [passed], warning: null })).toBe('types passed');
  const setUp = { ...left, tool: 'setup' };
  const lint = { ...left, tool: 'lint', reason: 'Another.' };
  expect(formatTools({ passed: true, tools: [setUp, passed, left, lint], warning: null })).toBe(
    'setup and tests left out (There is no sandbox.), types passed, lint left out (Another.)',
  );
});

test('code that was executed without a sandbox is never shown as if it had been in one', () => {
  const passed = { tool: 'tests', status: 'passed', durationMs: 0, findings: [], reason: null };
  const warning = 'It was executed without a sandbox, because BATON_SANDBOX=none says so.';
  expect(formatTools({ passed: true, tools: [passed], warning })).toBe(`tests passed. ${warning}`);
});
