import { Deliverable, startAgent } from '@baton/agents';
import { TaskSucceeded } from '@baton/contracts';
import { getBlob } from '@baton/event-store';
import { WorkerFixture } from '@baton/worker/testing';
import { expect, inject, onTestFinished, test } from 'vitest';
import { TesterModule } from './tester.module.js';

const BATON_PROMPTS_DIR: string[] = [];
const plan = {
  goal: 'A list.',
  components: [{ name: 'list', purpose: 'holds the points' }],
  files: [{ path: 'src/requirements.ts', purpose: 'code' }],
  interfaces: [],
  testPlan: ['the list has two points'],
  risks: [],
  openQuestions: [],
  answers: [],
};
const writeTests = {
  template: 'tester_prompt_template',
  requirements: 'A list.\n- One\n- Two',
  language: 'typescript',
  plan,
  files: [],
};

test('the tester service answers a task with a deliverable, and the same task again from the journal', async () => {
  const fixture = await WorkerFixture.open(inject('postgresUrl'), 'tester');
  onTestFinished(() => fixture.close());
  await fixture.start((context) =>
    startAgent({ agent: 'tester', module: TesterModule }, context, { ...fixture.env, BATON_PROMPTS_DIR }),
  );

  const commandId = await fixture.send({ arguments: writeTests });
  const first = TaskSucceeded.parse((await fixture.resultOf(commandId)).data);
  const output = first.blobRef === undefined ? first.output : JSON.parse(await getBlob(fixture.pool, first.blobRef));
  expect(Deliverable.parse(output)).toMatchObject({ language: 'typescript', writtenBy: 'offline' });
  // It looks, writes, runs the checks and hands in.
  expect(first.journal).toEqual({ calls: 4, replayed: 0 });

  await fixture.dispatch(commandId, 1, { arguments: writeTests });
  const again = TaskSucceeded.parse((await fixture.resultOf(commandId, 1)).data);
  expect(again).toMatchObject({ journal: { calls: 4, replayed: 4 }, dispatchNo: 1 });
  expect([again.output, again.blobRef]).toEqual([first.output, first.blobRef]);
});
