import type { HandIn, Json, JsonObject } from '@baton/contracts';
import { describe, expect, test } from 'vitest';
import { byHandProblems } from '../../checks/check-by-hand.js';
import { parseWorkflowDocument } from '../../checks/parse-workflow-document.js';
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

const TREE = 'ab'.repeat(32);
const BY_HAND = { steps: { Plan: { number: 1, title: 'Initial plan', by: 'human' } } };

// biome-ignore lint/suspicious/noThenProperty: a word of workflow documents, and nobody awaits one
const PERSON_DECIDES = { decisions: { recovery: { strategies: [], then: 'human' } } };

const planning = (around: JsonObject = BY_HAND, over: JsonObject = {}) =>
  documentOf({ Plan: task({ Arguments: { goal: 'sort', workspace: { tree: TREE } }, ...over }) }, around);

const begun = async (around?: JsonObject, over?: JsonObject) => {
  const run = scenario(planning(around, over));
  await run.start();
  return run;
};

const handIn = (run: Scenario, output?: Json, workspace?: HandIn['workspace'], sha256?: string) =>
  run.when({
    type: 'DecideApproval',
    requestId: `work-${run.log().length}`,
    approvalId: run.commandOf('Plan').commandId,
    decision: 'answer',
    comment: '',
    ...(output === undefined ? {} : { output }),
    ...(workspace === undefined ? {} : { workspace }),
    ...(sha256 === undefined ? {} : { sha256 }),
  });

const refuse = (run: Scenario, problems: string) => run.fail('Plan', 'Baton.HandInRefused', problems, false);

const shown = (run: Scenario) => run.eventsOf('TaskScheduled').at(-1)?.data;

describe('a step that a person does by hand', () => {
  test('waits for an approval that shows what a worker would have been given, and no worker gets a task', async () => {
    const run = await begun();
    expect(run.commandOf('Plan')).toMatchObject({ name: 'approval', queue: null, deadline: null });
    expect(shown(run)).toMatchObject({
      resource: 'baton:approval',
      byHand: true,
      sha256: expect.any(String),
      arguments: {
        title: 'To be done by hand: Initial plan',
        about: 'work',
        worker: 'planner',
        workspace: { tree: TREE },
        arguments: { goal: 'sort' },
      },
    });
    expect(shown(run)).not.toHaveProperty('budget');
  });

  test('goes on with the output that a worker found good, who did it with it, as one try that cost nothing', async () => {
    const run = await begun({ ...BY_HAND, budget: { usd: 1 } });
    await handIn(run, { plan: 1 }, { tree: TREE });
    const check = run.commandOf('Plan');
    expect(check).toMatchObject({ queue: 'worker-planner' });
    expect(check.message).toMatchObject({
      attempt: 1,
      arguments: { goal: 'sort' },
      handIn: { output: { plan: 1 }, workspace: { tree: TREE }, by: 'user:tester' },
    });
    expect(check.message).not.toHaveProperty('budget');
    expect(check.message).not.toHaveProperty('questions');
    await run.succeed('Plan', { plan: 2 });
    expect(run.state()).toMatchObject({ status: 'succeeded', output: { plan: 2 }, errorCount: 0 });
    expect(run.eventsOf('ApprovalDecided')[0]?.data).toMatchObject({
      decision: 'answer',
      output: { plan: 1 },
      by: { type: 'user', id: 'tester' },
    });
  });

  test('asks again with the problems where it does not fit, as often as it takes, and nothing has failed', async () => {
    const run = await begun();
    await handIn(run, { plan: 1 });
    await refuse(run, 'goal: is missing');
    expect(shown(run)).toMatchObject({
      byHand: true,
      attempt: 1,
      arguments: { title: 'To be done again by hand: Initial plan', problems: 'goal: is missing' },
    });
    expect(run.state()).toMatchObject({ status: 'running', errorCount: 0 });
    await handIn(run, { plan: 2 });
    await refuse(run, 'files: is missing');
    expect(shown(run)?.arguments).toMatchObject({ problems: 'files: is missing' });
    await handIn(run, { plan: 3 });
    await run.succeed('Plan', { plan: 3 });
    expect(run.state()).toMatchObject({ status: 'succeeded', output: { plan: 3 } });
  });

  test.each<[string, (run: Scenario) => Promise<unknown>]>([
    ['an approval', (run) => run.answer('Plan', 'approve')],
    ['a request for changes', (run) => run.answer('Plan', 'request-changes', 'more')],
    ['words without work', (run) => run.answer('Plan', 'answer', 'done')],
    ['work for another version', (run) => handIn(run, { plan: 1 }, undefined, 'f'.repeat(64))],
  ])('is not answered by %s', async (_, answer) => {
    const run = await begun();
    const before = run.log().length;
    await answer(run);
    expect(run.log()).toHaveLength(before);
  });

  test('takes the first of two hand-ins', async () => {
    const run = await begun();
    const approvalId = run.commandOf('Plan').commandId;
    await handIn(run, { plan: 1 });
    const second = { type: 'DecideApproval', requestId: 'late', approvalId, decision: 'answer', comment: '' } as const;
    expect(await run.when({ ...second, output: { plan: 2 } })).toEqual([]);
  });

  test('fails with Baton.Rejected where nobody will do it, and asks nobody again', async () => {
    const run = await begun(BY_HAND, { Retry: [{ ErrorEquals: ['States.ALL'] }] });
    await run.answer('Plan', 'reject', 'no time');
    expect(run.state()).toMatchObject({ status: 'failed', error: 'Baton.Rejected', cause: 'no time' });
  });

  test('does not hold a person to the time limit of the state, but a worker that looks at the work', async () => {
    const run = await begun(BY_HAND, { TimeoutSeconds: 60, HeartbeatSeconds: 10 });
    expect(run.commandOf('Plan').deadline).toBeNull();
    run.pass(3_600_000);
    await handIn(run, { plan: 1 });
    expect(run.commandOf('Plan').deadline).toBe(new Date(START_MS + 3_660_000).toISOString());
  });

  test('keeps the work where the worker was late, and has it looked at once more', async () => {
    const Retry = [{ ErrorEquals: ['States.Timeout'], MaxAttempts: 1 }];
    const run = await begun(BY_HAND, { TimeoutSeconds: 60, Retry });
    await handIn(run, { plan: 1 });
    await run.expire('Plan');
    expect(run.commandOf('Plan').message).toMatchObject({ handIn: { output: { plan: 1 } } });
  });

  test('takes work while the run is paused, and has it looked at afterwards', async () => {
    const run = await begun();
    await run.pause();
    await handIn(run, { plan: 1 });
    expect(run.open()).toEqual([]);
    await run.resume();
    expect(run.commandOf('Plan').message).toMatchObject({ handIn: { output: { plan: 1 } } });
  });

  test('is given up with its run', async () => {
    const run = await begun();
    await run.cancel('enough');
    expect(run.open()).toEqual([]);
    expect(run.state()).toMatchObject({ status: 'cancelled' });
  });

  test.each([
    ['before the work', 0, { byHand: true }],
    ['after the work', 1, { handIn: { output: { plan: 1 } } }],
  ])('is the same in a fork %s', async (_, times, goesOn) => {
    const run = await begun();
    if (times > 0) await handIn(run, { plan: 1 });
    const cut = cutAt(readBack(run.log()));
    if (cut === null) throw new Error('there is nothing to go on from');
    const runId = '00000000-0000-4000-8000-00000000f04c';
    const events = await decide(
      initialState,
      { type: 'ForkRun', requestId: 'fork', runId, from: { runId: RUN_ID, version: cut.version }, cut, labels: {} },
      { nowMs: START_MS, actor: { type: 'user', id: 'eve' } },
    );
    expect(events.findLast(({ type }) => type === 'TaskScheduled')?.data).toMatchObject({ attempt: 1, ...goesOn });
  });

  test('is asked for again in a run that is retried after nobody would do it', async () => {
    const run = await begun();
    await run.answer('Plan', 'reject', 'no time');
    await run.retry();
    expect(shown(run)).toMatchObject({ byHand: true });
  });

  test('can be what a run was submitted with, and its log tells the same', async () => {
    const document = planning({});
    const run = scenario(document);
    const submission = {
      requestId: 'r',
      workflow: document.name,
      input: {},
      runId: RUN_ID,
      by: { Plan: 'human' as const },
    };
    await run.when({ type: 'StartRun', submission, document, sha256: 'ab'.repeat(32) });
    expect(run.eventsOf('RunStarted')[0]?.data).toMatchObject({ by: { Plan: 'human' } });
    expect(shown(run)).toMatchObject({ byHand: true, arguments: { title: 'To be done by hand: Plan' } });
    await handIn(run, { plan: 1 });
    expect(rebuild(readBack(run.log()))).toEqual(run.state());
    await run.succeed('Plan');
    expect(typesOf(run.log()).at(-1)).toBe('RunSucceeded');
  });

  test('is one of the moves where a person decides about a task that failed for good', async () => {
    const run = await begun(PERSON_DECIDES);
    await run.fail('Plan', 'Baton.ModelRefused', 'no', false);
    expect(shown(run)?.arguments).toMatchObject({
      about: 'decision',
      moves: expect.arrayContaining([expect.objectContaining({ id: 'by-hand' })]),
    });
    await run.answer('Plan', 'approve', 'mine', undefined, 'by-hand');
    expect(run.eventsOf('DecisionMade').at(-1)?.data.decision).toMatchObject({ source: 'human' });
    expect(shown(run)).toMatchObject({ byHand: true, arguments: { about: 'work', worker: 'planner' } });
    await handIn(run, { plan: 1 });
    await refuse(run, 'no');
    expect(shown(run)).toMatchObject({ byHand: true, arguments: { problems: 'no' } });
    await handIn(run, { plan: 2 });
    await run.succeed('Plan', { plan: 2 });
    expect(run.state()).toMatchObject({ status: 'succeeded', output: { plan: 2 } });
  });

  test('is no move of a deployment, nor a step that a document or a run may ask for', async () => {
    const States = { Plan: task({ Resource: 'baton:worker:deployer' }) };
    const definition = { QueryLanguage: 'JSONata', StartAt: 'Plan', States };
    const written = { name: 'w', version: '1.0.0', title: 'W', definition, ...BY_HAND };
    expect(parseWorkflowDocument(written)).toMatchObject({
      ok: false,
      findings: expect.arrayContaining([expect.objectContaining({ pointer: '/steps/Plan/by' })]),
    });
    const document = documentOf(States, PERSON_DECIDES);
    expect(byHandProblems(document, { Plan: 'human', Plna: 'human' })).toEqual([
      { state: 'Plan', problem: expect.stringContaining('bound to what it ran itself') },
      { state: 'Plna', problem: expect.stringContaining('no state Plna') },
    ]);
    const run = scenario(document);
    await run.start();
    await run.fail('Plan', 'Baton.DeployUnknown', 'no', false);
    expect(shown(run)?.arguments).toMatchObject({ about: 'decision' });
    expect(JSON.stringify(shown(run)?.arguments)).not.toContain('by-hand');
  });

  test('shows arguments of any size in bounds', async () => {
    const run = await begun(BY_HAND, { Arguments: { text: 'x'.repeat(200_000) } });
    expect(JSON.stringify(shown(run)?.arguments).length).toBeLessThan(70_000);
    expect(shown(run)?.arguments).toMatchObject({ isCut: true });
    await handIn(run, {});
    expect(JSON.stringify(run.commandOf('Plan').message).length).toBeGreaterThan(200_000);
  });

  test('refuses work at an approval that does not wait for any', async () => {
    const run = scenario(documentOf({ Plan: task({ Resource: 'baton:approval', Arguments: { title: 'Go?' } }) }));
    await run.start();
    expect(await handIn(run, { plan: 1 })).toEqual([]);
  });
});
