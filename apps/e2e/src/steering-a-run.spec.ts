import { ApprovalView, RunResult, RunView, Verification } from '@baton/contracts';
import { BASE_ENV, ended, eventsOf, getRun, publish, type Stack, submit, until } from '@baton/test-stack';
import { expect } from 'vitest';
import * as commands from './testing/commands.js';
import { test } from './testing/shared-stack.js';

/** Asks a person, and again after a revision; what was approved is shipped when the truck is there. */
const release = {
  name: 'release',
  version: '1.0.0',
  title: 'A release that somebody approves',
  input: { type: 'object', required: ['notes'], properties: { notes: { type: 'string' } } },
  definition: {
    QueryLanguage: 'JSONata',
    StartAt: 'Ask',
    States: {
      Ask: {
        Type: 'Task',
        Resource: 'baton:approval',
        Arguments: { title: 'Ship it?', notes: '{% $states.input.notes %}' },
        Assign: { answer: '{% $states.result %}' },
        Next: 'Answered',
      },
      Answered: {
        Type: 'Choice',
        Choices: [{ Condition: '{% $answer.decision = "approve" %}', Next: 'Ship' }],
        Default: 'Revise',
      },
      Revise: { Type: 'Task', Resource: 'baton:signal:revised', Next: 'Ask' },
      Ship: {
        Type: 'Task',
        Resource: 'baton:signal:truck',
        Output: { answer: '{% $answer %}', truck: '{% $states.result %}' },
        End: true,
      },
    },
  },
};

let stack: Stack;
test.beforeAll(async ({ everything }) => {
  stack = everything;
  await publish(stack, release);
});

/** As somebody who has no more of the stack than its gateway. */
const place = async () => ({ env: { ...BASE_ENV, ...(await stack.joinEnv()) } });
const baton = async (...args: readonly string[]) => commands.baton(args, await place());
const ok = async (...args: readonly string[]) => (await commands.printed(args, await place())).trim();

const start = (notes = 'first'): Promise<string> => submit(stack, { workflow: 'release', input: { notes } });

/** Waits until the run waits for that, and nothing else. */
async function waitsFor(runId: string, state: string): Promise<RunView> {
  let run: RunView | null = null;
  await until(async () => {
    run = await getRun(stack, runId);
    return run?.waitingFor.map((wait) => wait.state).join() === state;
  }, `run ${runId} to wait in ${state}`);
  return RunView.parse(run);
}
const hasStatus = (runId: string, status: RunView['status']): Promise<void> =>
  until(async () => (await getRun(stack, runId))?.status === status, `run ${runId} to be ${status}`);
const resultOf = async (runId: string): Promise<unknown> =>
  RunResult.parse(await stack.api(`/v1/runs/${runId}/result`)).output;
const typesOf = async (runId: string): Promise<readonly string[]> =>
  (await eventsOf(stack, runId)).map(({ type }) => type);

const approved = { decision: 'approve', by: 'apikey:local-admin' };

test('a watch without a terminal ends where a person is asked, and says how to answer', async () => {
  const runId = await start();
  const { code, stderr } = await baton('run', 'watch', runId);
  expect(code, stderr).toBe(8);
  const [, command = ''] = /baton (?:-- )?(approval approve [^`]+)`/.exec(stderr) ?? [];
  await ok(...command.split(' '));
  expect((await waitsFor(runId, 'Ship')).currentStates).toEqual(['Ship']);
  await ok('run', 'signal', runId, 'truck', '{"plate": "B-1"}');
  expect((await baton('run', 'watch', runId)).code).toBe(0);
  expect(await resultOf(runId)).toMatchObject({ answer: approved, truck: { plate: 'B-1' } });
});

test('a signal that comes before the state that waits for it is kept', async () => {
  const runId = await start();
  await waitsFor(runId, 'Ask');
  await ok('run', 'signal', runId, 'truck', '"early"');
  await until(async () => (await typesOf(runId)).includes('SignalReceived'), 'the signal to be in the log');
  await ok('approval', 'approve', runId, '--comment', 'go');
  expect((await ended(stack, runId)).status).toBe('succeeded');
  expect(await resultOf(runId)).toMatchObject({ answer: { ...approved, comment: 'go' }, truck: 'early' });
});

test('what is sent back for changes is asked again, a rejection fails the run, and a retry asks anew', async () => {
  const runId = await start();
  await waitsFor(runId, 'Ask');
  const first = ApprovalView.parse(JSON.parse(await ok('approval', 'show', runId, '-o', 'json')));
  expect(first).toMatchObject({ state: 'Ask', title: 'Ship it?', status: 'open', arguments: { notes: 'first' } });
  await ok('approval', 'request-changes', first.approvalId, '--comment', 'shorter');
  await waitsFor(runId, 'Revise');
  expect(await ok('approval', 'show', first.approvalId)).toMatch(/status +sent back/);
  expect((await baton('approval', 'approve', first.approvalId)).stderr).toContain('was sent back for changes');

  await ok('run', 'signal', runId, 'revised', '{"notes": "second"}');
  const { waitingFor } = await waitsFor(runId, 'Ask');
  expect(waitingFor).not.toMatchObject([{ approvalId: first.approvalId }]);
  expect((await baton('run', 'retry', runId)).stderr).toContain('is running');
  await ok('approval', 'reject', runId, '--reason', 'too early');
  const failed = await ended(stack, runId);
  expect(failed).toMatchObject({ status: 'failed', error: 'Baton.Rejected', cause: 'too early' });
  expect((await baton('run', 'watch', runId)).code).toBe(6);

  await ok('run', 'retry', runId, '--reason', 'it is later now');
  await waitsFor(runId, 'Ask');
  expect(await getRun(stack, runId)).toMatchObject({ status: 'running', error: null, endedAt: null });
  await ok('approval', 'approve', runId);
  await waitsFor(runId, 'Ship');
  await ok('run', 'signal', runId, 'truck');
  expect((await ended(stack, runId)).status).toBe('succeeded');
});

test('a paused run keeps what comes, begins nothing, and goes on although the orchestrator was killed', async () => {
  const runId = await start();
  await waitsFor(runId, 'Ask');
  await ok('run', 'pause', runId, '--reason', 'maintenance');
  await hasStatus(runId, 'paused');
  expect((await baton('run', 'pause', runId)).stderr).toContain('is paused');
  await ok('approval', 'approve', runId);
  await until(async () => (await typesOf(runId)).includes('ApprovalDecided'), 'the answer to be in the log');
  await until(async () => (await getRun(stack, runId))?.kept.length === 1, 'the run to show what it keeps');
  expect(await ok('run', 'get', runId)).toMatch(/KEPT UNTIL RESUMED[\s\S]*Ask +answer/);
  await stack.kill('orchestrator');
  await ok('run', 'resume', runId);
  await waitsFor(runId, 'Ship');
  const types = await typesOf(runId);
  expect(types.slice(types.indexOf('ApprovalDecided')).slice(0, 2)).toEqual(['ApprovalDecided', 'RunResumed']);
  await ok('run', 'signal', runId, 'truck');
  expect((await ended(stack, runId)).status).toBe('succeeded');
});

test('an approval that waits outlives the orchestrator', async () => {
  const runId = await start();
  const { waitingFor } = await waitsFor(runId, 'Ask');
  await stack.kill('orchestrator');
  await ok('approval', 'approve', runId);
  await waitsFor(runId, 'Ship');
  expect((await typesOf(runId)).filter((type) => type === 'ApprovalDecided')).toHaveLength(1);
  expect(waitingFor).toHaveLength(1);
  await ok('run', 'cancel', runId);
  expect((await ended(stack, runId)).status).toBe('cancelled');
});

test('a fork takes the state after an event, goes its own way, and leaves its origin as it was', async () => {
  const runId = await start();
  await waitsFor(runId, 'Ask');
  await ok('approval', 'approve', runId);
  await waitsFor(runId, 'Ship');
  await ok('run', 'signal', runId, 'truck', '1');
  const origin = await ended(stack, runId);
  const at = (await eventsOf(stack, runId)).find(({ type }) => type === 'TaskScheduled')?.version ?? 0;
  expect((await baton('run', 'fork', runId, '--at', '999')).stderr).toContain('none with the number 999');

  const forkId = await ok('run', 'fork', runId, '--at', String(at), '--label', 'try=2');
  const fork = await waitsFor(forkId, 'Ask');
  expect(fork).toMatchObject({ status: 'running', labels: { try: '2' }, forkedFrom: { runId, version: at } });
  await ok('approval', 'request-changes', forkId, '--comment', 'not so fast');
  await waitsFor(forkId, 'Revise');
  expect(await getRun(stack, runId)).toEqual(origin);
  await ok('run', 'cancel', forkId);
  expect((await ended(stack, forkId)).status).toBe('cancelled');
});

test('an approval goes with its run', async () => {
  const runId = await start();
  await waitsFor(runId, 'Ask');
  const { approvalId } = ApprovalView.parse(JSON.parse(await ok('approval', 'show', runId, '-o', 'json')));
  await ok('run', 'cancel', runId);
  await ended(stack, runId);
  expect(await ok('approval', 'show', approvalId)).toMatch(/status +gone/);
  expect((await baton('approval', 'approve', approvalId)).code).toBe(1);
  expect(await stack.api(`/v1/approvals?run=${runId}`)).toMatchObject({ approvals: [] });
  expect(await ok('approval', 'list', '--limit', '200')).not.toContain(approvalId.slice(0, 8));
});

test('the log of all that verifies', async () => {
  expect(Verification.parse(await stack.api('/v1/audit/verify'))).toMatchObject({ verified: true, problem: null });
});
