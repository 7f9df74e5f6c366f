import { Notification } from '@baton/contracts';
import { canonicalSha256, type RunEvent } from '@baton/workflow';
import { expect, test } from 'vitest';
import { approvalAsked } from '../testing/test-log.js';
import { toNotification } from './to-notification.js';

const AT = '2026-01-02T03:04:05.678Z';
const run = { runId: '11111111-1111-4111-8111-111111111111', workflow: 'greet', workflowVersion: '1.2.3' };
const notificationOf = (event: RunEvent) => toNotification(event, AT, run);
const asked = (question: object) => notificationOf(approvalAsked(run.runId, question))?.data;

test('an approval is told with the hash that an answer is bound to, also where an old event does not have it', () => {
  const question = { title: 'Ship it?', body: 'secret' };
  expect(asked(question)).toMatchObject({ sha256: canonicalSha256(question) });
  const event = approvalAsked(run.runId, question);
  if (event.type !== 'TaskScheduled') throw new Error('not an approval');
  const withHash: RunEvent = { ...event, data: { ...event.data, sha256: 'b'.repeat(64) } };
  expect(notificationOf(withHash)?.data).toMatchObject({ sha256: 'b'.repeat(64) });
});

test.each([[{}], [{ title: '' }], [{ title: 7 }], [{ name: 'x' }]])('%j has no title', (question) => {
  expect(asked(question)).toMatchObject({ title: null });
});

test('a long title is cut, and never into half a character', () => {
  const title = `${'x'.repeat(499)}🚀`;
  expect(asked({ title })).toMatchObject({ title: `${'x'.repeat(499)}\uFFFD` });
});

test('tasks of workers are nobody’s news, nor is what only mentions an approval', () => {
  const event = approvalAsked(run.runId, { resource: 'baton:approval' });
  if (event.type !== 'TaskScheduled') throw new Error('not an approval');
  expect(notificationOf({ ...event, data: { ...event.data, resource: 'baton:worker:planner' } })).toBeNull();
  expect(notificationOf({ type: 'TimerFired', data: { visit: 1, commandId: `${run.runId}-1` } })).toBeNull();
});

test('a reminder and an escalation are told with the question that they are about', () => {
  const event = approvalAsked(run.runId, { title: 'Ship it?', body: 'secret' });
  if (event.type !== 'TaskScheduled') throw new Error('not an approval');
  const data = { visit: 0, commandId: event.data.commandId };
  const reminded = toNotification({ type: 'ApprovalReminded', data }, AT, run, event.data);
  expect(Notification.parse(reminded)).toEqual(reminded);
  expect(reminded).toMatchObject({
    type: 'approval.reminded',
    data: { title: 'Ship it?', approvalId: data.commandId },
  });
  const to = ['role:admin'];
  const escalated = toNotification({ type: 'ApprovalEscalated', data: { ...data, to } }, AT, run, event.data);
  expect(Notification.parse(escalated)).toEqual(escalated);
  expect(escalated).toMatchObject({ type: 'approval.escalated', data: { to, title: 'Ship it?' } });
  expect(JSON.stringify([reminded, escalated])).not.toContain('secret');
});

test.each<RunEvent>([
  { type: 'RunSucceeded', data: { output: null } },
  { type: 'RunFailed', data: { error: 'E', cause: 'c' } },
  { type: 'RunCancelled', data: { reason: 'r', requestId: 'q' } },
  { type: 'BudgetWarned', data: { kind: 'tokens', used: 80, limit: 100 } },
  { type: 'BudgetExhausted', data: { kind: 'wallClock', used: 61, limit: 60 } },
  approvalAsked(run.runId, { title: 'Ship it?' }),
])('what is told of $type has the published shape', (event) => {
  expect(Notification.parse(notificationOf(event))).toEqual(notificationOf(event));
});
