import type { JsonObject } from '@baton/contracts';
import { expect, test } from 'vitest';
import shipped from '../../../../workflows/goal.yaml?raw';
import { begin, ended } from '../testing/begin.js';

const catalog = { workers: [], workflows: [], leftOff: 0 };
const composition = { title: 'T', why: 'It fits.', steps: [], missing: [] };
const good = { ok: true, findings: [], document: { name: 'goal-0' }, ref: 'goal-0@1.0.0', sha256: 'f', cost: null };
const bad = { ...good, ok: false, document: null, findings: [{ pointer: '/steps/0/use', message: 'there is none' }] };
const composing = (input: JsonObject = {}) => begin(shipped, { goal: 'Count', catalog, ...input });
const argumentsOf = (run: Awaited<ReturnType<typeof begin>>) => run.eventsOf('TaskScheduled').at(-1)?.data.arguments;

test('what is clear is checked, shown to a person with its cost, published and run, and no model is asked', async () => {
  const run = await composing();
  await run.succeed('Match', { verdict: 'clear', composition });
  await run.succeed('Check', good);
  expect(argumentsOf(run)).toMatchObject({ goal: 'Count', composedBy: 'match', workflow: good.document, cost: null });
  await run.answer('Approve', 'approve');
  expect(run.commandOf('Publish')).toMatchObject({ name: 'publish', queue: null });
  await run.succeed('Publish', { ref: 'goal-0@1.0.0', sha256: 'f' });
  expect(run.commandOf('Run')).toMatchObject({
    name: 'run',
    message: { workflow: 'goal-0@1.0.0', arguments: { goal: 'Count', input: {} } },
  });
  await run.succeed('Run', { words: 3 });
  expect(ended(run)).toMatchObject({
    status: 'succeeded',
    output: { workflow: 'goal-0@1.0.0', sha256: 'f', composedBy: 'match', output: { words: 3 } },
  });
});

test('nobody is asked where whoever submitted it has approved', async () => {
  const run = await composing({ approval: 'given' });
  await run.succeed('Match', { verdict: 'clear', composition });
  await run.succeed('Check', good);
  expect(run.commandOf('Publish')).toMatchObject({ name: 'publish' });
});

test('findings go back to the model, and after the last round nothing is started', async () => {
  const run = await composing({ maxRounds: 2 });
  await run.succeed('Match', { verdict: 'unclear', composition: null });
  await run.succeed('Compose', composition);
  await run.succeed('Check', bad);
  expect(argumentsOf(run)).toMatchObject({ variables: { findings: bad.findings } });
  await run.succeed('Compose', composition);
  await run.succeed('Check', bad);
  expect(ended(run)).toMatchObject({
    status: 'failed',
    error: 'Goal.NotComposed',
    cause: expect.stringContaining('/steps/0/use there is none'),
  });
});

test('what a person asks for goes back to the model, too', async () => {
  const run = await composing();
  await run.succeed('Match', { verdict: 'clear', composition });
  await run.succeed('Check', good);
  await run.answer('Approve', 'request-changes', 'Use the other one.');
  expect(argumentsOf(run)).toMatchObject({
    variables: { findings: [{ message: expect.stringContaining('the other one') }] },
  });
});

test.each([
  ['the program', 'missing', []],
  ['the model', 'unclear', ['Compose']],
])(
  'a goal that nothing serves, as %s says, names the worker that is missing and starts nothing',
  async (_, verdict, by) => {
    const lacking = { ...composition, missing: [{ kind: 'poet', does: 'Writes poems', takes: '', gives: '' }] };
    const run = await composing();
    await run.succeed('Match', { verdict, composition: lacking });
    for (const state of by) await run.succeed(state, lacking);
    expect(ended(run)).toMatchObject({
      status: 'failed',
      error: 'Goal.NothingServes',
      cause: expect.stringContaining('poet (Writes poems)'),
    });
  },
);

test('a rejection ends it', async () => {
  const run = await composing();
  await run.succeed('Match', { verdict: 'clear', composition });
  await run.succeed('Check', good);
  await run.answer('Approve', 'reject', 'No.');
  expect(ended(run)).toMatchObject({ status: 'failed', error: 'Baton.Rejected' });
});

test('who may approve is what the goal said, and what nearly serves it is named where nothing does', async () => {
  const run = await composing({ policy: { excludeSubmitter: true } });
  await run.succeed('Match', { verdict: 'clear', composition });
  await run.succeed('Check', good);
  expect(argumentsOf(run)).toMatchObject({ policy: { excludeSubmitter: true } });
  const none = await composing();
  const missing = [{ kind: 'poet', does: 'Writes poems', takes: '', gives: '' }];
  const nearest = ['worker:writer', 'workflow:report@1.0.0'];
  await none.succeed('Match', { verdict: 'missing', nearest, composition: { ...composition, missing } });
  expect(ended(none)).toMatchObject({
    error: 'Goal.NothingServes',
    cause: expect.stringContaining('What comes nearest: worker:writer, workflow:report@1.0.0. Start'),
  });
});

test('the model is told the beginning of a large input, and what is composed gets all of it', async () => {
  const text = 'x'.repeat(1_000);
  const run = await composing({ input: { text } });
  await run.succeed('Match', { verdict: 'unclear', about: { text: 'xxx…' }, composition: null });
  expect(argumentsOf(run)).toMatchObject({ variables: { input: { text: 'xxx…' } } });
  await run.succeed('Compose', composition);
  expect(argumentsOf(run)).toMatchObject({ job: 'check-composition', input: { text } });
});
