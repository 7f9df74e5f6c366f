import { WebhookEvent } from '@baton/contracts';
import { parkRun, recordDeadLetter } from '@baton/event-store';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { approvalAsked, succeeded } from './testing/test-log.js';
import { PUBLIC_URL, SECRET, WebhookBench } from './testing/webhook-bench.js';

let bench: WebhookBench;
beforeEach(async () => {
  bench = await WebhookBench.open(inject('postgresUrl'));
});
afterEach(() => bench.close());

const letter = { source: 'hub', name: 'CompleteTask', reason: 'It holds what a worker said.', message: '{"a":1}' };

test('who was asked and did not answer is told again, and others are told after that', async () => {
  const receiver = await bench.receiver();
  const webhook = await bench.webhook(receiver.url, ['approval.reminded', 'approval.escalated']);
  bench.startSender();
  const runId = await bench.log.start();
  const data = { visit: 0, commandId: `${runId}-1` };
  await bench.log.append(
    runId,
    approvalAsked(runId, { title: 'Ship it?', body: 'of the task' }),
    { type: 'ApprovalReminded', data },
    { type: 'ApprovalEscalated', data: { ...data, to: ['role:admin'] } },
  );
  await bench.settled(webhook, 2);
  const told = receiver.verified(SECRET).toSorted((a, b) => b.type.localeCompare(a.type));
  expect(told).toMatchObject([
    { type: 'approval.reminded', data: { runId, title: 'Ship it?', approvalId: `${runId}-1` } },
    {
      type: 'approval.escalated',
      data: { to: ['role:admin'], links: { approval: `${PUBLIC_URL}/v1/approvals/${runId}-1` } },
    },
  ]);
  expect(JSON.stringify(told)).not.toContain('of the task');
});

describe('what was put aside', () => {
  test('is told once, and so is a run that stands still by it', async () => {
    const receiver = await bench.receiver();
    await recordDeadLetter(bench.hub, { ...letter, source: 'before' });
    const webhook = await bench.webhook(receiver.url, ['dead-letter.recorded', 'run.parked']);
    bench.startSender();
    const runId = await bench.log.start();
    await recordDeadLetter(bench.hub, { ...letter, runId });
    await parkRun(bench.hub, runId);
    await recordDeadLetter(bench.hub, {
      ...letter,
      source: 'intake',
      name: 'submit',
      requestId: 'order-7',
      runId: 'x',
    });
    await bench.settled(webhook, 3);
    await bench.tellAnother();
    const told = receiver.verified(SECRET).map(({ type, data }) => ({ type, ...data }));
    expect(told).toHaveLength(3);
    expect(told).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ type: 'dead-letter.recorded', runId, workflow: 'greet', source: 'hub' }),
        expect.objectContaining({ type: 'run.parked', runId, workflowVersion: '1.2.3' }),
        expect.objectContaining({ type: 'dead-letter.recorded', runId: null, requestId: 'order-7', source: 'intake' }),
      ]),
    );
    expect(JSON.stringify(told)).not.toContain('what a worker said');
  });
});

test('a webhook hears of the runs of its workflows that have its labels, and of nothing else', async () => {
  const events = [...WebhookEvent.options];
  const urlOf = async () => (await bench.receiver()).url;
  const byWorkflow = await bench.webhook(await urlOf(), events, { workflows: ['report', 'other'] });
  const byLabels = await bench.webhook(await urlOf(), events, { labels: { team: 'red', tier: '1' } });
  const byBoth = await bench.webhook(await urlOf(), events, { workflows: ['report'], labels: { team: 'red' } });
  bench.startSender();
  const finish = async (workflow: string, labels: Readonly<Record<string, string>>): Promise<string> => {
    const runId = await bench.log.start({ workflow, labels });
    await bench.log.append(runId, succeeded);
    return runId;
  };
  const red = await finish('report', { team: 'red', tier: '1' });
  const blue = await finish('report', { team: 'blue' });
  const greet = await finish('greet', { team: 'red', tier: '1', more: 'x' });
  await recordDeadLetter(bench.hub, letter);
  await recordDeadLetter(bench.hub, { ...letter, runId: blue });
  await bench.tellAnother();
  const toldOf = async (webhook: { readonly webhookId: string }) =>
    (await bench.deliveries(webhook)).map(({ type, runId }) => `${type} ${runId}`).sort();
  await expect.poll(() => toldOf(byWorkflow)).toHaveLength(3);
  expect(await toldOf(byWorkflow)).toEqual(
    [`run.finished ${red}`, `run.finished ${blue}`, `dead-letter.recorded ${blue}`].sort(),
  );
  expect(await toldOf(byLabels)).toEqual([`run.finished ${red}`, `run.finished ${greet}`].sort());
  expect(await toldOf(byBoth)).toEqual([`run.finished ${red}`]);
  expect((await bench.webhooks()).map(({ workflows, labels }) => [workflows, labels])).toContainEqual([
    ['report'],
    { team: 'red' },
  ]);
});
