import pc from 'picocolors';
import { describe, expect, test } from 'vitest';
import { decided, entered, event, events, exited, scheduled, startedData, toolReport } from '../testing/events.js';
import { fold, linesFor } from '../testing/folded.js';
import { evolveProgress } from './evolve-progress.js';
import { viewOf } from './view.js';

const started = ['RunStarted', startedData] as const;

describe('progress', () => {
  test('knows every step of the workflow before the first one begins', () => {
    const progress = fold(events(started));
    expect(progress.steps.map(({ number, title, visits, phase }) => ({ number, title, visits, phase }))).toEqual([
      { number: 1, title: 'Initial plan', visits: 0, phase: 'plan' },
      { number: 2, title: 'Check', visits: 0, phase: 'plan' },
    ]);
    expect(progress).toMatchObject({ status: 'running', workflow: 'two-steps@1.0.0', phases: ['plan'] });
  });

  test('counts visits, attempts, the agent and the time of a step', () => {
    const list = events(started, entered(1, 'Plan'), scheduled(1), scheduled(1, 2), exited(1), entered(2, 'Plan'));
    expect(fold(list).steps[0]).toMatchObject({
      visits: 2,
      workedMs: 3000,
      attempt: 1,
      agent: 'planner',
      sinceMs: expect.any(Number),
    });
    expect(fold(list.slice(0, 4)).steps[0]).toMatchObject({ visits: 1, attempt: 2, workedMs: 0 });
  });

  test('takes states with the same number for one step, done when all of them are', () => {
    const list = events(started, entered(1, 'Check', 1), entered(2, 'Tools', 2), exited(1), exited(2));
    expect(fold(list.slice(0, 4)).steps[1]).toMatchObject({ visits: 1, sinceMs: expect.any(Number) });
    expect(fold(list).steps[1]).toMatchObject({ visits: 1, sinceMs: null, workedMs: 3000 });
  });

  test('shows a failed step, and forgets it when the step is done again', () => {
    const list = events(
      started,
      entered(1, 'Plan'),
      ['StateFailed', { visit: 1, error: 'E', cause: 'c' }],
      entered(2, 'Plan'),
    );
    expect(fold(list.slice(0, 3)).steps[0]).toMatchObject({ ending: 'failed' });
    expect(fold(list).steps[0]).toMatchObject({ ending: 'done' });
  });

  test('closes what an aborted branch left open, and only that', () => {
    const list = events(started, entered(1, 'Plan', 1), entered(2, 'Check', 2), [
      'FrameAborted',
      { frame: 1, reason: 'x' },
    ]);
    expect(fold(list).steps.map(({ sinceMs }) => sinceMs !== null)).toEqual([false, true]);
  });

  test('keeps rounds with their scores, tool reports and models', () => {
    const list = events(
      started,
      entered(1, 'Tools'),
      ['TaskSucceeded', { visit: 1, output: toolReport, model: 'offline' }],
      ['TaskSucceeded', { visit: 1, output: 'text', model: 'offline' }],
      decided(1, { alignment: 7 }, 'Plan'),
    );
    expect(fold(list)).toMatchObject({
      models: ['offline'],
      toolReports: [{ passed: false }],
      rounds: [{ phase: 'plan', round: 1, scores: { alignment: 7 }, target: 'Plan' }],
    });
  });

  test('ends with the run, and says why it failed', () => {
    const list = events(started, entered(1, 'Plan'), ['RunFailed', { error: 'E', cause: 'because' }]);
    expect(fold(list)).toMatchObject({
      status: 'failed',
      problem: 'E: because',
      endedAtMs: expect.any(Number),
      open: {},
    });
  });

  test('of a run that is paused, failed and retried goes on with the states that are taken up', () => {
    const failed = events(started, ['RunPaused', {}], ['RunResumed', {}], entered(1, 'Plan'), [
      'RunFailed',
      { error: 'E', cause: 'because' },
    ]);
    expect(fold(failed.slice(0, 2)).status).toBe('paused');
    const visits = [{ visit: 1, frame: 0, state: 'Plan' }];
    const retried = [...failed, event(6, 'RunRetried', { carry: { state: { visits } } })];
    expect(fold(retried)).toMatchObject({
      status: 'running',
      problem: null,
      endedAtMs: null,
      open: { 1: { state: 'Plan' } },
    });
    expect(linesFor(retried).map((line) => line.slice(7))).toEqual([
      expect.stringContaining('started: two-steps@1.0.0'),
      'run paused',
      'run resumed',
      'step 1/2 Initial plan: started',
      'step 1/2 Initial plan: cancelled after 1.0 s',
      'run failed after 4.0 s: E: because',
      'run taken up again',
      'step 1/2 Initial plan: started, time 2',
    ]);
  });

  test('of a fork begins with what it took over', () => {
    const { workflow, document } = { workflow: { name: 'two-steps', version: '1.0.0' }, document: {} };
    const from = { runId: 'abc', version: 12 };
    const visits = [{ visit: 7, frame: 0, state: 'Plan' }];
    const forked = events(['RunForked', { from, carry: { document, state: { workflow, visits } } }], exited(7));
    expect(fold(forked.slice(0, 1))).toMatchObject({ workflow: 'two-steps@1.0.0', open: { 7: { state: 'Plan' } } });
    expect(linesFor(forked)).toEqual([
      expect.stringMatching(/forked from run abc after its event 12: two-steps@1\.0\.0$/),
      expect.stringContaining('Plan: done'),
    ]);
  });

  test('of a workflow without numbered steps follows its states as they come', () => {
    const bare = ['RunStarted', { workflow: { name: 'bare', version: '1.0.0' }, document: {} }] as const;
    const list = events(bare, entered(1, 'First'), exited(1), entered(2, 'constructor'));
    expect(fold(list).steps.map(({ title, sinceMs }) => [title, sinceMs !== null])).toEqual([
      ['First', false],
      ['constructor', true],
    ]);
  });

  test('passes over events of unknown types and shapes, and still counts them', () => {
    const list = events(started, ['Invented', { x: 1 }], ['StateEntered', 'nonsense']);
    expect(fold(list)).toMatchObject({ version: 3, steps: [{ visits: 0 }, { visits: 0 }] });
    expect(evolveProgress(null, event(2, 'StateEntered', {}))).toBeNull();
  });
});

describe('lines', () => {
  test('tell each thing once, with the clock of the run', () => {
    const list = events(
      started,
      entered(1, 'Plan'),
      scheduled(1),
      ['TaskSucceeded', { visit: 1, output: {} }],
      exited(1),
      entered(2, 'Check', 1),
      entered(3, 'Tools', 2),
      ['TaskSucceeded', { visit: 3, output: toolReport }],
      exited(2),
      exited(3),
      decided(1, { alignment: 7, compatibility: 9.5 }, 'Plan'),
      entered(4, 'Plan'),
      ['TaskFailed', { visit: 4, error: 'Baton.ModelUnavailable', cause: 'busy', retryable: true }],
      ['StateRetried', { visit: 4, error: 'Baton.ModelUnavailable', notBefore: 'later' }],
      ['RunCancelled', { reason: 'enough' }],
    );
    expect(linesFor(list)).toEqual([
      ' 0:00  run 3f2a91c0-0000-4000-8000-000000000001 started: two-steps@1.0.0',
      ' 0:01  step 1/2 Initial plan: started',
      ' 0:04  step 1/2 Initial plan: done after 3.0 s',
      ' 0:05  step 2/2 Check: started',
      ' 0:07  tools: types passed, tests failed (1 finding), lint left out (no sandbox)',
      ' 0:09  step 2/2 Check: done after 4.0 s',
      ' 0:10  plan round 1: alignment 7, compatibility 9.5; next is Plan',
      ' 0:11  step 1/2 Initial plan: started, time 2',
      ' 0:12  Plan: Baton.ModelUnavailable: busy',
      ' 0:13  Plan: tried again',
      ' 0:14  step 1/2 Initial plan: cancelled after 3.0 s',
      ' 0:14  run cancelled after 14.0 s: enough',
    ]);
  });

  test('tell of one step where one of its states follows the other, and of tools of no step by their state', () => {
    const CheckBase = { Type: 'Task', Resource: 'baton:worker:validator', End: true };
    const document = { ...startedData.document, definition: { StartAt: 'CheckBase', States: { CheckBase } } };
    const list = events(
      ['RunStarted', { ...startedData, document }],
      entered(1, 'CheckBase'),
      ['TaskSucceeded', { visit: 1, output: toolReport }],
      exited(1),
      entered(2, 'Tools'),
      exited(2),
      entered(3, 'Check'),
      exited(3),
      entered(4, 'Tools'),
    );
    expect(linesFor(list).slice(1)).toEqual([
      ' 0:01  CheckBase: started',
      ' 0:02  CheckBase: tools: types passed, tests failed (1 finding), lint left out (no sandbox)',
      ' 0:03  CheckBase: done after 2.0 s',
      ' 0:04  step 2/2 Check: started',
      ' 0:05  step 2/2 Check: done after 1.0 s',
      ' 0:06  step 2/2 Check: goes on',
      ' 0:07  step 2/2 Check: done after 1.0 s',
      ' 0:08  step 2/2 Check: started, time 2',
    ]);
    expect(fold(list).steps[1]).toMatchObject({ number: 2, visits: 2, workedMs: 2000 });
  });

  test('say what was landed on a lineage, and where others were before', () => {
    const runId = '3f2a91c0-1111-4222-8333-444455556666';
    const tree = 'a'.repeat(64);
    const list = events(
      started,
      entered(1, 'Land'),
      ['TaskSucceeded', { visit: 1, output: { landed: false, head: { number: 4, tree, runId } } }],
      ['TaskSucceeded', { visit: 1, output: { landed: true, head: { number: 5, tree, runId } } }],
    );
    expect(linesFor(list).slice(1)).toEqual([
      ' 0:02  Land: version 4 of run 3f2a91c0 was landed before; to be merged',
      ' 0:03  Land: landed as version 5',
    ]);
  });

  test('say what failed before the run apart from what came since', () => {
    const tool = {
      tool: 'tests',
      status: 'failed',
      durationMs: 3,
      findings: [{}],
      oldFindings: [{}, {}],
      reason: null,
    };
    const old = { ...tool, tool: 'lint', status: 'failed-before', findings: [] };
    const list = events(started, entered(1, 'Tools'), [
      'TaskSucceeded',
      { visit: 1, output: { passed: false, tools: [tool, old] } },
    ]);
    expect(linesFor(list).at(-1)).toBe(
      ' 0:02  tools: tests failed (1 finding, 2 from before the run), lint failed as before the run (2 from before the run)',
    );
  });

  test('hold no control character of what a model or a user wrote', () => {
    const list = events(started, ['RunFailed', { error: 'E', cause: 'red \u001b[31m\nline' }]);
    expect(linesFor(list).at(-1)).toBe(' 0:01  run failed after 1.0 s: E: red  [31m line');
  });
});

describe('the view', () => {
  const list = events(
    started,
    entered(1, 'Plan'),
    scheduled(1),
    ['TaskSucceeded', { visit: 1, output: toolReport, model: 'offline' }],
    exited(1),
    decided(1, { alignment: 7 }, 'Plan'),
    entered(2, 'Plan'),
  );
  const options = {
    nowMs: Date.parse('2026-01-01T00:00:08.500Z'),
    columns: 90,
    colors: pc.createColors(false),
    notice: null,
  };

  test('shows phases with their newest round, steps with status and time, tools', () => {
    expect(viewOf(fold(list), options)).toEqual([
      'two-steps@1.0.0  run 3f2a91c0  running  model: offline    0:08',
      'plan  round 1  alignment 7',
      '  ● 1 Initial plan    planner          5.5 s  2 times',
      '  · 2 Check',
      'tools  types passed, tests failed (1 finding), lint left out (no sandbox)',
      '',
    ]);
  });

  test('never is wider than the terminal', () => {
    const lines = viewOf(fold(list), { ...options, columns: 40, notice: 'x'.repeat(100) });
    expect(Math.max(...lines.map((line) => line.length))).toBe(39);
  });

  test('of an ended run says which steps were not needed', () => {
    const ended = fold([...list, event(8, 'StateExited', { visit: 2 }), event(9, 'RunSucceeded', { output: {} })]);
    expect(viewOf(ended, options)[2]).toContain('✓ 1');
    expect(viewOf(ended, options)[3]).toContain('- 2');
  });
});

test('a state that waits for somebody is shown where it has no number, too', () => {
  const definition = { States: { Ask: { Type: 'Task' }, Between: { Type: 'Pass' } } };
  const steps = { Plan: { number: 1, title: 'Initial plan' }, Check: { number: 2, title: 'Check' } };
  const begun = [
    'RunStarted',
    { workflow: { name: 'two-steps', version: '1.0.0' }, document: { steps, definition } },
  ] as const;
  const list = events(begun, entered(1, 'Ask'), exited(1), entered(2, 'Between'));
  expect(fold(list).steps.map(({ title }) => title)).toEqual(['Initial plan', 'Check', 'Ask']);
});
