import { expect, test } from 'vitest';
import { cutAt } from '../cuts/run-cut.js';
import { documentOf, RUN_ID, scenario, task } from '../testing/scenario.js';

const inShadow = documentOf(
  { C: { Type: 'Choice', Choices: [{ Condition: '{% true %}', Next: 'A' }], Default: 'A' }, A: task() },
  { phases: [{ name: 'one', states: ['C'] }], decisions: { mode: 'shadow', at: [{ state: 'C', phase: 'one' }] } },
);

test('a run that failed while advice in shadow was out is retried from the state that failed', async () => {
  const run = scenario(inShadow);
  await run.start();
  expect(run.advisor().queue).toBe('worker-advisor');
  await run.fail('A', 'Weather');
  expect(run.state().status).toBe('failed');
  await run.retry();
  expect(run.commandOf('A')).toMatchObject({ name: 'task', message: { attempt: 2 } });
  await run.succeed('A', 'sun');
  expect(run.state()).toMatchObject({ status: 'succeeded', output: 'sun' });
});

test('advice in shadow is not settled by an answer to an approval', async () => {
  const run = scenario(inShadow);
  await run.start();
  const { commandId: approvalId } = run.advisor();
  const answer = { type: 'DecideApproval', requestId: 'r', approvalId, decision: 'approve', comment: '' } as const;
  expect(await run.when(answer)).toEqual([]);
});

test('a signal that a state waits for is taken however many others are kept', async () => {
  const run = scenario(documentOf({ A: task({ Resource: 'baton:signal:go' }) }), false);
  await run.start();
  for (let n = 0; n < 1_000; n += 1) await run.signal('other', n);
  expect(await run.signal('other')).toEqual([]);
  await run.pause();
  // It would be kept, and there is no room.
  expect(await run.signal('go')).toEqual([]);
  await run.resume();
  await run.signal('go', 7);
  expect(run.state()).toMatchObject({ status: 'succeeded', output: 7 });
});

test('an advisor is told the open states in their order, whichever way the state was read', async () => {
  const pick = { Type: 'Choice', Choices: [{ Condition: '{% true %}', Next: 'End' }], Default: 'End' };
  const document = documentOf(
    {
      P: {
        Type: 'Parallel',
        Branches: [
          {
            StartAt: 'A',
            States: { A: task({ Next: 'A2' }), A2: task({ Next: 'Pick' }), Pick: pick, End: { Type: 'Succeed' } },
          },
          { StartAt: 'B', States: { B: task() } },
          { StartAt: 'C', States: { C: task() } },
        ],
        End: true,
      },
    },
    { phases: [{ name: 'one', states: ['Pick'] }], decisions: { mode: 'llm', at: [{ state: 'Pick', phase: 'one' }] } },
  );
  const run = scenario(document);
  await run.start();
  await run.succeed('A');
  await run.succeed('A2');
  expect(run.advisor().message).toMatchObject({ arguments: { digest: { openStates: ['P', 'B', 'C', 'Pick'] } } });
});

test('a score that is missing is missing, whatever its dimension is called', async () => {
  const point = {
    ...{ state: 'C', phase: 'one', scores: '{% {"a": 5} %}' },
    thresholds: '{% {"constructor": 8} %}',
  };
  const run = scenario({ ...inShadow, decisions: { mode: 'programmatic', at: [point] } });
  await run.start();
  expect(run.eventsOf('DecisionMade')[0]?.data.decision).toMatchObject({
    classification: 'complex',
    reasons: expect.arrayContaining(['the score for constructor is missing']),
    rationale: expect.stringContaining('constructor is missing'),
  });
});

test('a fork records a decision that was answered before it under its own name', async () => {
  const document = documentOf({ A: task({ Next: 'B' }), B: task() }, { budget: { usd: 1 } });
  const run = scenario(document);
  await run.start();
  const usage = { inputTokens: 1, outputTokens: 0, costUsd: 2 };
  await run.when({ type: 'CompleteTask', commandId: run.commandOf('A').commandId, output: 1, usage });
  await run.pause();
  await run.answer('B', 'approve');
  const cut = cutAt(run.log());
  if (cut === null) throw new Error('there is nothing to fork');
  const fork = scenario(document);
  const runId = RUN_ID.replace('beef', 'f0f0');
  const from = { runId: RUN_ID, version: cut.version };
  await fork.when({ type: 'ForkRun', requestId: 'fork', runId, from, cut, labels: {} });
  expect(fork.eventsOf('DecisionMade')).toMatchObject([{ data: { decision: { decisionId: `${runId}-d1` } } }]);
});
