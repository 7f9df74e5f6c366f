import { Conversation } from '@baton/contracts';
import { askedOf, ended, eventsOf, REQUIREMENTS, type Stack, submit, until, violations } from '@baton/test-stack';
import { expect, inject } from 'vitest';
import { z } from 'zod';
import { test } from './testing/shared-stack.js';

let stack: Stack;
test.beforeAll(({ everything }) => {
  stack = everything;
});

/** The status of the answer, and what it says. */
function answer(approvalId: string, body: object, sha256?: string): Promise<string> {
  const headers = sha256 === undefined ? {} : { 'if-match': `"${sha256}"` };
  const path = `/v1/approvals/${approvalId}/decision`;
  return stack.api(path, { method: 'POST', body: JSON.stringify(body), headers }).then(
    () => '202',
    (error: unknown) => String(error),
  );
}

const Asked = z.object({ commandId: z.string() });
const commandsOf = async (runId: string, type: string): Promise<readonly string[]> =>
  (await eventsOf(stack, runId)).flatMap((event) => (event.type === type ? [Asked.parse(event.data).commandId] : []));

test('a planner asks twice, through kills of everything, and goes on from what it had said: nothing is asked or done twice', async () => {
  const requirements = `${REQUIREMENTS}\n- Ask me: What is a word?\n- Ask me: In which language?\n`;
  const runId = await submit(stack, { workflow: 'seven-step', input: { requirements } });
  const first = await askedOf(stack, runId);
  expect(first).toMatchObject({
    status: 'open',
    title: 'Initial plan asks: What is a word?',
    arguments: { about: 'question', askedBy: 'planner', question: 'What is a word?' },
  });
  await stack.kill('orchestrator');
  await stack.kill('planner');
  await stack.kill('gateway');
  await until(() => stack.isReady(), 'the stack to be whole again');
  expect(await askedOf(stack, runId)).toEqual(first);

  const words = { decision: 'answer', comment: 'What stands between blanks.' };
  expect(await answer(first.approvalId, { decision: 'approve' })).toMatch(/ 422: .*no-such-answer/);
  expect(await answer(first.approvalId, { decision: 'answer' })).toMatch(/ 422: /);
  expect(await answer(first.approvalId, words, 'f'.repeat(64))).toMatch(/ 412: .*approval-changed/);
  expect(await answer(first.approvalId, words, first.sha256)).toBe('202');
  await stack.kill('orchestrator');
  await stack.kill('planner');

  const second = await askedOf(stack, runId, first.approvalId);
  expect(second).toMatchObject({ arguments: { question: 'In which language?' } });
  expect(await answer(first.approvalId, words)).toMatch(/ 409: .*approval-answered/);
  expect(await answer(second.approvalId, { decision: 'reject', comment: 'Any.' })).toBe('202');

  const view = await ended(stack, runId);
  expect(view).toMatchObject({ status: 'succeeded', error: null });
  expect(view.steps.filter(({ state }) => state === 'Plan')).toMatchObject([{ status: 'succeeded', attempt: 1 }]);
  const events = await eventsOf(stack, runId);
  expect(violations(events)).toEqual([]);
  expect(await commandsOf(runId, 'TaskAsked')).toHaveLength(2);
  expect(events.filter(({ type }) => type === 'TaskFailed')).toEqual([]);

  // The last of the three tasks shows all that was said.
  const planned = events.filter(
    ({ type, data }) =>
      type === 'TaskScheduled' && z.object({ resource: z.literal('baton:worker:planner') }).safeParse(data).success,
  );
  const { commandId } = Asked.parse(planned[2]?.data);
  const said = Conversation.parse(await stack.api(`/v1/runs/${runId}/conversation?command=${commandId}`));
  expect(said.entries.map(({ kind }) => kind)).toEqual([
    'opening',
    ...['answer', 'outcome', 'answer', 'outcome', 'answer', 'outcome'],
  ]);
  const told = said.entries.flatMap((entry) => (entry.kind === 'outcome' ? [entry.text] : []));
  expect(told[0]).toContain('What stands between blanks.');
  expect(told[1]).toContain('gives no answer');
});

if (inject('effort') === 'long') {
  test('where nobody is to be asked, nobody is', async () => {
    const requirements = `${REQUIREMENTS}\n- Ask me: What is a word?\n`;
    const runId = await submit(stack, { workflow: 'seven-step', input: { requirements, escalation: 'fail' } });
    expect(await ended(stack, runId)).toMatchObject({ status: 'succeeded' });
    expect(await commandsOf(runId, 'TaskAsked')).toEqual([]);
  });
}
