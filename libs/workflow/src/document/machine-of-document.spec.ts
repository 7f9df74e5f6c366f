import { expect, test } from 'vitest';
import { parseWorkflowDocument } from '../checks/parse-workflow-document.js';
import { decide } from '../decide.js';
import { documentOf, START_MS, scenario, task, typesOf } from '../testing/scenario.js';

const meta = { nowMs: START_MS, actor: { type: 'user' as const, id: 'tester' } };

/** A run that waits for its task, as a program left it that knew fewer rules. */
async function runUnder(over: { readonly [field: string]: number | string }) {
  const run = scenario(documentOf({ Work: task() }));
  await run.start();
  const state = run.state();
  if (state.status === 'new') throw new Error('the run did not begin');
  const definition = { QueryLanguage: 'JSONata', StartAt: 'Work', States: { Work: task(over) } };
  const document = { ...state.document, definition };
  const complete = { type: 'CompleteTask', commandId: run.commandOf('Work').commandId, output: 1 } as const;
  return { document, decided: decide({ ...state, document }, complete, meta) };
}

test('a run goes on although its definition breaks a rule that is checked only now', async () => {
  const { document, decided } = await runUnder({ TimeoutSeconds: 10, HeartbeatSeconds: 10 });
  expect(parseWorkflowDocument(document)).toMatchObject({
    ok: false,
    findings: [{ pointer: '/definition/States/Work/HeartbeatSeconds' }],
  });
  expect(typesOf(await decided)).toContain('RunSucceeded');
});

test('but not where the definition cannot be run', async () => {
  const { decided } = await runUnder({ Type: 'Fly' });
  await expect(decided).rejects.toThrow('cannot run');
});

test('and no run begins with either', async () => {
  const { document } = await runUnder({ TimeoutSeconds: 10, HeartbeatSeconds: 10 });
  const run = scenario(document);
  await run.start();
  expect(run.state()).toMatchObject({ status: 'failed', error: 'States.Runtime' });
});
