import type { JsonObject } from '@baton/contracts';
import { describe, expect, test } from 'vitest';
import { cutAt } from '../../cuts/run-cut.js';
import { decide } from '../../decide.js';
import { rebuild } from '../../rebuild.js';
import { initialState } from '../../state/run-state.js';
import {
  documentOf,
  RUN_ID,
  readBack,
  type Scenario,
  START_MS,
  scenario,
  task,
  typesOf,
} from '../../testing/scenario.js';

const ASKS = { text: 'Which delimiter?', choices: ['comma', 'tab'], entries: 5 };
const USAGE = { inputTokens: 100, outputTokens: 10, costUsd: 0.01 };

const planning = (around: JsonObject = {}, over: JsonObject = {}) =>
  documentOf({ Plan: task({ Arguments: { goal: 'sort' }, ...over }) }, around);

const ask = (run: Scenario, name = 'Plan', asks = ASKS) =>
  run.when({
    type: 'FailTask',
    commandId: run.commandOf(name).commandId,
    error: 'Baton.AsksPerson',
    cause: asks.text,
    retryable: false,
    asks,
    usage: USAGE,
  });

const begun = async (around: JsonObject = {}, over: JsonObject = {}) => {
  const run = scenario(planning(around, over));
  await run.start();
  return run;
};

describe('a task that asks a person', () => {
  test('waits for an approval that shows the question, and goes on from its journal with the answer, as the same try', async () => {
    const run = await begun({ steps: { Plan: { number: 1, title: 'Initial plan' } } });
    const first = run.commandOf('Plan');
    expect(first.message).toMatchObject({ questions: 3 });
    await ask(run);
    const asked = run.commandOf('Plan');
    expect(asked).toMatchObject({ name: 'approval', queue: null, deadline: null });
    expect(run.eventsOf('TaskScheduled').at(-1)?.data).toMatchObject({
      resource: 'baton:approval',
      sha256: expect.any(String),
      arguments: {
        title: 'Initial plan asks: Which delimiter?',
        about: 'question',
        askedBy: 'planner',
        question: 'Which delimiter?',
        choices: ['comma', 'tab'],
      },
    });
    await run.answer('Plan', 'answer', 'tab');
    const second = run.commandOf('Plan');
    expect(second).toMatchObject({ queue: 'worker-planner' });
    expect(second.message).toMatchObject({
      attempt: 1,
      arguments: { goal: 'sort' },
      questions: 2,
      continues: [{ commandId: first.commandId, entries: 5 }],
      answer: { outcome: 'answered', text: 'tab', by: 'user:tester' },
    });
    // In front of everything that a workflow may say: the database goes by that.
    expect(Object.keys(second.message)[0]).toBe('continues');
    await run.succeed('Plan', { done: true });
    expect(run.state()).toMatchObject({ status: 'succeeded', output: { done: true }, errorCount: 0 });
    expect(run.state()).toMatchObject({ spent: { microUsd: 10_000, tokens: 110 } });
  });

  test('may ask again, and then goes on from both journals', async () => {
    const run = await begun();
    const first = run.commandOf('Plan').commandId;
    await ask(run);
    await run.answer('Plan', 'answer', 'tab');
    const second = run.commandOf('Plan').commandId;
    await ask(run, 'Plan', { ...ASKS, text: 'Which encoding?', entries: 3 });
    await run.answer('Plan', 'answer', 'UTF-8');
    expect(run.commandOf('Plan').message).toMatchObject({
      questions: 1,
      continues: [
        { commandId: first, entries: 5 },
        { commandId: second, entries: 3 },
      ],
      answer: { text: 'UTF-8' },
    });
  });

  test('asks as often as the document says and no more: one question too many is a failure', async () => {
    const run = await begun({ questions: { most: 1 } });
    await ask(run);
    await run.answer('Plan', 'answer', 'tab');
    expect(run.commandOf('Plan').message).not.toHaveProperty('questions');
    expect(typesOf(await ask(run))).toContain('TaskFailed');
    expect(run.state()).toMatchObject({ status: 'failed', error: 'Baton.AsksPerson' });
  });

  test.each([
    { questions: 'none' },
    { questions: { when: '{% $states.context.Execution.Input.escalation = "human" %}' } },
    { questions: { when: '{% $nobody.knows() %}' } },
  ])('cannot where nobody may be asked: %j', async (around) => {
    const run = await begun(around);
    expect(run.commandOf('Plan').message).not.toHaveProperty('questions');
    await ask(run);
    expect(run.state()).toMatchObject({ status: 'failed', error: 'Baton.AsksPerson', cause: 'Which delimiter?' });
  });

  test('goes on without an answer where a person declines, and when nobody answers in time', async () => {
    const declined = await begun();
    await ask(declined);
    await declined.answer('Plan', 'reject', 'ask somebody else');
    expect(declined.commandOf('Plan').message.answer).toEqual({
      outcome: 'declined',
      text: 'ask somebody else',
      by: 'user:tester',
    });
    const late = await begun({ questions: { timeoutSeconds: 60 } });
    await ask(late);
    await late.expire('Plan');
    expect(late.commandOf('Plan').message.answer).toEqual({ outcome: 'timed-out', text: '', by: null });
    expect(late.state()).toMatchObject({ status: 'running', errorCount: 0 });
  });

  test('takes words for an answer, and neither a bare yes, nor nothing, nor a move, nor an answer about something else', async () => {
    const run = await begun();
    await ask(run);
    expect(await run.answer('Plan', 'approve', 'tab')).toEqual([]);
    expect(await run.answer('Plan', 'request-changes', 'tab')).toEqual([]);
    expect(await run.answer('Plan', 'answer', ' ')).toEqual([]);
    expect(await run.answer('Plan', 'answer', 'tab', undefined, 'go:Plan')).toEqual([]);
    expect(await run.answer('Plan', 'answer', 'tab', 'ab'.repeat(32))).toEqual([]);
    const { sha256 } = run.eventsOf('TaskScheduled').at(-1)?.data ?? {};
    expect(await run.answer('Plan', 'answer', 'tab', sha256)).not.toEqual([]);
  });

  test('is answered once, and a second result of the task that asked changes nothing', async () => {
    const run = await begun();
    const { commandId } = run.commandOf('Plan');
    await ask(run);
    const approvalId = run.commandOf('Plan').commandId;
    const again = { type: 'FailTask', commandId, error: 'x', cause: '', retryable: true, asks: ASKS } as const;
    expect(await run.when(again)).toEqual([]);
    await run.answer('Plan', 'answer', 'tab');
    const second = {
      type: 'DecideApproval',
      requestId: 'late',
      approvalId,
      decision: 'answer',
      comment: 'comma',
    } as const;
    expect(await run.when(second)).toEqual([]);
    expect(await run.when(again)).toEqual([]);
  });

  test('no approval of a workflow is answered in words', async () => {
    const run = scenario(documentOf({ Ask: task({ Resource: 'baton:approval' }) }));
    await run.start();
    expect(await run.answer('Ask', 'answer', 'well')).toEqual([]);
  });

  test('only those who are named may answer', async () => {
    const run = await begun({ questions: { approvers: ['ada'] } });
    await ask(run);
    expect(await run.answer('Plan', 'answer', 'tab')).toEqual([]);
    const approvalId = run.commandOf('Plan').commandId;
    const order = { type: 'DecideApproval', requestId: 'r', approvalId, decision: 'answer', comment: 'tab' } as const;
    expect(typesOf(await run.when(order, { type: 'user', id: 'ada' }))).toEqual(['ApprovalDecided', 'TaskScheduled']);
  });

  test('asks in a paused run when it is resumed, and goes on when it is resumed', async () => {
    const run = await begun();
    await run.pause();
    expect(typesOf(await ask(run))).toEqual(['TaskAsked']);
    expect(typesOf(await run.resume())).toEqual(['RunResumed', 'TaskScheduled']);
    await run.pause();
    expect(typesOf(await run.answer('Plan', 'answer', 'tab'))).toEqual(['ApprovalDecided']);
    await run.resume();
    expect(run.commandOf('Plan').message).toMatchObject({ answer: { text: 'tab' } });
  });

  test('is given up with its run', async () => {
    const run = await begun();
    await ask(run);
    await run.cancel();
    expect(run.state()).toMatchObject({ status: 'cancelled' });
    expect(run.open()).toEqual([]);
  });

  test('that fails after the answer is tried again from the answer: nobody is asked twice', async () => {
    const run = await begun({}, { Retry: [{ ErrorEquals: ['Oops'], MaxAttempts: 1 }] });
    const first = run.commandOf('Plan').commandId;
    await ask(run);
    await run.answer('Plan', 'answer', 'tab');
    await run.fail('Plan', 'Oops');
    expect(run.commandOf('Plan').message).toMatchObject({
      attempt: 2,
      continues: [{ commandId: first, entries: 5 }],
      answer: { text: 'tab' },
    });
    await run.fail('Plan', 'Oops');
    expect(run.state()).toMatchObject({ status: 'failed' });
    await run.retry();
    expect(run.commandOf('Plan').message).toMatchObject({ answer: { text: 'tab' } });
  });

  test('that is tried again with another model begins anew, and has as many questions left as before', async () => {
    const recovery = { strategies: ['escalate_model'] };
    const run = await begun({ decisions: { recovery } });
    await ask(run);
    await run.answer('Plan', 'answer', 'tab');
    await run.fail('Plan', 'Baton.InvalidOutput');
    const { message } = run.commandOf('Plan');
    expect(message).toMatchObject({
      attempt: 2,
      questions: 2,
      arguments: { recovery: { strategy: 'escalate_model' } },
    });
    expect(message).not.toHaveProperty('continues');
    await ask(run);
    await run.answer('Plan', 'answer', 'tab');
    // It goes on with the model that asked.
    expect(run.commandOf('Plan').message).toMatchObject({
      attempt: 2,
      arguments: { recovery: { strategy: 'escalate_model', previousError: { error: 'Baton.InvalidOutput' } } },
    });
    expect(run.eventsOf('TaskScheduled').at(-1)?.data).not.toHaveProperty('recovery');
  });

  test('waits in line for budget without forgetting the answer', async () => {
    const run = scenario(
      documentOf(
        {
          Both: {
            Type: 'Parallel',
            Branches: ['A', 'B'].map((name) => ({ StartAt: name, States: { [name]: task() } })),
            End: true,
          },
        },
        {
          budget: { usd: 1 },
          steps: {
            A: { number: 1, title: 'A', budget: { usd: 0.6 } },
            B: { number: 2, title: 'B', budget: { usd: 0.6 } },
          },
        },
      ),
    );
    await run.start();
    await ask(run, 'A');
    // What it had reserved goes to the other.
    expect(run.commandOf('B')).toMatchObject({ queue: 'worker-planner' });
    expect(typesOf(await run.answer('A', 'answer', 'tab'))).toContain('BudgetAwaited');
    await run.succeed('B');
    expect(run.commandOf('A').message).toMatchObject({ answer: { text: 'tab' } });
  });

  test.each(['while it waits', 'when it was answered'])('a fork %s goes on as the run does', async (when) => {
    const run = await begun();
    const first = run.commandOf('Plan').commandId;
    await ask(run);
    if (when === 'when it was answered') await run.answer('Plan', 'answer', 'tab');
    const cut = cutAt(run.log());
    if (cut === null) throw new Error('there is nothing to fork');
    const forkId = '0123abcd-0000-4000-8000-00000000f00d';
    const from = { runId: RUN_ID, version: cut.version };
    const meta = { nowMs: START_MS, actor: { type: 'user', id: 'tester' } } as const;
    const fork = { type: 'ForkRun', requestId: 'f', runId: forkId, from, cut, labels: {} } as const;
    const events = readBack(await decide(initialState, fork, meta));
    if (when === 'while it waits') {
      expect(events.at(-1)).toMatchObject({ data: { resource: 'baton:approval', commandId: `${forkId}-3` } });
      const order = {
        type: 'DecideApproval',
        requestId: 'r',
        approvalId: `${forkId}-3`,
        decision: 'answer',
        comment: 'tab',
      } as const;
      events.push(...(await decide(rebuild(events), order, meta)));
    }
    expect(events.at(-1)).toMatchObject({
      type: 'TaskScheduled',
      data: { attempt: 1, continues: [{ commandId: first, entries: 5 }], answer: { text: 'tab' } },
    });
  });
});
