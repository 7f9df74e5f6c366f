import { randomUUID } from 'node:crypto';
import { Conversation, ModelTime } from '@baton/contracts';
import { createPool } from '@baton/event-store';
import { runStarted } from '@baton/read-model/testing';
import type { RunEvent } from '@baton/workflow';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { startTestGateway, type TestGateway } from '../testing/test-gateway.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway(inject('postgresUrl'));
});
afterAll(() => gateway.stop());

async function noted(command: string, notes: readonly unknown[]): Promise<void> {
  const owner = createPool(gateway.databaseUrl, { role: 'owner', applicationName: 'conversation-spec' });
  for (const [index, note] of notes.entries())
    await owner.query('insert into baton.llm_journal (command_id, call_index, response) values ($1, $2, $3)', [
      command,
      index,
      JSON.stringify(note),
    ]);
  await owner.end();
}

test('what a worker noted of a task is shown, in its order, and what is no note is counted', async () => {
  const runId = randomUUID();
  await gateway.log.append(runId, runStarted());
  const command = `${runId}-1`;
  const usage = { inputTokens: 1, outputTokens: 2, cacheReadTokens: 3, cacheWriteTokens: 4 };
  const answer = { text: 'hello', stopReason: 'end_turn', model: 'm', usage, requestId: null };
  const notes = [
    { kind: 'opening', system: 's', prompt: 'p', tools: ['read'] },
    { kind: 'answer', ...answer, content: [], calls: [], tookMs: 5 },
    answer,
    { anything: 'else' },
  ];
  await noted(command, notes);
  const { status, body } = await gateway.get(`/v1/runs/${runId}/conversation?command=${command}`);
  expect(status).toBe(200);
  const { entries, unread } = Conversation.parse(body);
  expect(entries.map(({ kind }) => kind)).toEqual(['opening', 'answer', 'answer']);
  expect(unread).toBe(1);
});

test('a command of another run is none, and one without notes has none', async () => {
  const runId = randomUUID();
  await gateway.log.append(runId, runStarted());
  const path = `/v1/runs/${runId}/conversation`;
  expect(await gateway.get(`${path}?command=${randomUUID()}-1`)).toMatchObject({
    status: 404,
    body: { code: 'command-not-found' },
  });
  expect((await gateway.get(`${path}?command=${runId}-7`)).body).toMatchObject({ entries: [], unread: 0 });
  expect((await gateway.get(path)).status).toBe(400);
});

test.each([
  ['a conversation', { kind: 'opening', system: 's', prompt: 'p', tools: [] }, 2],
  ['no single question', { text: 'no plan', stopReason: 'end_turn', model: 'm' }, 1],
])('a task whose share of the budget was too small is told with what goes on from it: %s', async (_, first, told) => {
  const runId = randomUUID();
  const task = (n: number, attempt: number): RunEvent => ({
    type: 'TaskScheduled',
    data: {
      ...{ visit: 1, commandId: `${runId}-${n}`, resource: 'baton:worker:planner', arguments: {}, attempt },
      ...{ notBefore: null, deadline: null, heartbeatSeconds: null },
    },
  });
  const journaled = { entries: 1, sha256: 'a'.repeat(64) };
  const failure = { error: 'Baton.BudgetExhausted', cause: 'not made', retryable: false, journaled };
  await gateway.log.append(
    runId,
    runStarted(),
    { type: 'FrameStarted', data: { frame: 0, parent: null, machine: '', input: {} } },
    { type: 'StateEntered', data: { visit: 1, frame: 0, state: 'Plan' } },
    task(1, 1),
    { type: 'TaskFailed', data: { visit: 1, commandId: `${runId}-1`, ...failure } },
    task(2, 2),
  );
  const usage = { inputTokens: 1, outputTokens: 2, cacheReadTokens: 3, cacheWriteTokens: 4 };
  const paid = { stopReason: 'end_turn', model: 'm', usage, requestId: null };
  await noted(`${runId}-1`, [{ ...paid, ...first }]);
  await noted(`${runId}-2`, [{ kind: 'answer', text: 'hello', ...paid, content: [], calls: [], tookMs: 5 }]);
  const { body } = await gateway.get(`/v1/runs/${runId}/conversation?command=${runId}-2`);
  expect(Conversation.parse(body).entries).toHaveLength(told);
});

test('how long models took is told task by task: what tools did, and answers of other tasks, are not of it', async () => {
  const runId = randomUUID();
  await gateway.log.append(runId, runStarted());
  const usage = { inputTokens: 1, outputTokens: 2, cacheReadTokens: 3, cacheWriteTokens: 4 };
  const paid = { stopReason: 'end_turn', model: 'm', usage, requestId: null };
  const cachedFrom = { commandId: 'other', at: '2026-01-01T00:00:00.000Z' };
  await noted(`${runId}-1`, [
    { kind: 'opening', system: 's', prompt: 'p', tools: [] },
    { kind: 'answer', text: '\u0000', ...paid, content: [], calls: [], tookMs: 5 },
    { kind: 'outcome', callId: 'c', text: '', isError: false, changes: [], tookMs: 1_000 },
    { kind: 'cut', message: 'm', code: 'c', ...paid, tookMs: 2.5 },
    { kind: 'answer', text: '', ...paid, content: [], calls: [], tookMs: 7_000, cachedFrom },
  ]);
  // Single questions: the one was noted before durations were.
  await noted(`${runId}-2`, [
    { text: 'one', ...paid },
    { text: 'two', ...paid, tookMs: 11 },
    { unusable: {}, spent: paid },
  ]);
  await noted(`${runId}-3`, [{ anything: 'else' }, [1], 'text', 7, null]);
  const { status, body } = await gateway.get(`/v1/runs/${runId.slice(0, 13)}/model-time`);
  expect(status).toBe(200);
  expect(ModelTime.parse(body)).toEqual({
    runId,
    tasks: [
      { commandId: `${runId}-1`, calls: 2, unmeasured: 0, modelMs: 7.5 },
      { commandId: `${runId}-2`, calls: 3, unmeasured: 2, modelMs: 11 },
    ],
    isWhole: true,
  });
});
