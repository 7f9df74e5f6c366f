import { randomUUID } from 'node:crypto';
import { cutTaskTokens, WorkerAnnouncement } from '@baton/contracts';
import { announceWorker, createPool, pendingRequests, readTaskTokens, tellTemplates } from '@baton/event-store';
import { runStarted } from '@baton/read-model/testing';
import type { Client } from '@modelcontextprotocol/client';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { entered, frame } from '../testing/approval-events.js';
import { callTool as call, mcpClients } from '../testing/mcp-client.js';
import { startTestGateway, type TestGateway } from '../testing/test-gateway.js';

let gateway: TestGateway;
let owner: Pool;
let worker: Pool;
const { as, named, close } = mcpClients(() => gateway);

beforeAll(async () => {
  gateway = await startTestGateway(inject('postgresUrl'));
  owner = createPool(gateway.databaseUrl, { role: 'owner', applicationName: 'tools-test', max: 1 });
  worker = createPool(gateway.databaseUrl, { role: 'worker', applicationName: 'tools-test', max: 1 });
  const properties = { goal: { type: 'string' }, input: {}, approval: {}, catalog: {} };
  const document = {
    ...{ name: 'goal', version: '9.9.9', title: 'A goal' },
    input: { type: 'object', required: ['goal', 'catalog'], properties },
    definition: { StartAt: 'A', QueryLanguage: 'JSONata', States: { A: { Type: 'Succeed' } } },
  };
  await gateway.post('/v1/workflows', document);
});
afterAll(async () => {
  await close();
  await Promise.all([owner?.end(), worker?.end()]);
  await gateway?.stop();
});

const pending = async (requestId: string) =>
  (await pendingRequests(gateway.hub, { limit: 1_000 })).find((request) => request.requestId === requestId);

async function runOf(facts: Parameters<typeof runStarted>[0] = {}): Promise<string> {
  const runId = randomUUID();
  await gateway.log.append(runId, runStarted(facts), frame(1), entered(1));
  return runId;
}

test('the new tools are offered to those who may take their routes, and say what they do to the world', async () => {
  const hintsOf = async (client: Client) =>
    new Map((await client.listTools()).tools.map(({ name, annotations }) => [name, annotations]));
  const toViewer = await hintsOf(await as('viewer'));
  for (const name of ['get_expectation', 'list_anomalies', 'get_recommendations', 'list_schedules', 'list_workers'])
    expect([name, toViewer.get(name)?.readOnlyHint]).toEqual([name, true]);
  for (const name of ['submit_goal', 'rate_run', 'answer_task', 'create_schedule', 'delete_schedule'])
    expect([name, toViewer.has(name)]).toEqual([name, false]);
  const toOperator = await hintsOf(await as('operator'));
  expect(toOperator.get('delete_schedule')).toMatchObject({ destructiveHint: true, idempotentHint: true });
  expect(toOperator.get('pause_schedule')).toMatchObject({ destructiveHint: false, idempotentHint: true });
  expect(toOperator.get('rate_run')).toMatchObject({ readOnlyHint: false, idempotentHint: false });
  expect([...toOperator.keys()].filter((name) => /archive|erase|key|drain|requeue|withdraw/.test(name))).toEqual([]);
});

describe('a run', () => {
  const submit = async (mcpServers: readonly string[], requestId: string) =>
    call(await as('submitter'), 'submit_run', {
      ...{ workflow: 'two-steps', input: { requirements: 'x' }, mcpServers, requestId },
    });

  test('is submitted with what its agents may have of servers, and shown with it', async () => {
    expect((await submit(['docs:search'], 'narrowed')).isError).toBe(false);
    expect(await pending('narrowed')).toMatchObject({ message: { agents: { mcpServers: ['docs:search'] } } });
    const runId = await runOf({ agents: { mcpServers: ['docs:search'] } });
    const shown = await call(await as('viewer'), 'get_run', { runId });
    expect(shown.value.agents).toEqual({ mcpServers: ['docs:search'] });
  });

  test('that names a server which no worker has is not stored, and it is said which there are', async () => {
    const servers = [{ name: 'docs', tools: ['search'] }];
    await tellTemplates(worker, 'planner', { templates: [], problems: [], servers });
    const refused = await submit(['dogs'], 'misspelt');
    expect(refused).toMatchObject({
      isError: true,
      text: expect.stringMatching(/no server dogs\. Did you mean "docs"\? The operators of the workers allow docs\./),
    });
    expect(await pending('misspelt')).toBeUndefined();
    expect((await submit(['not a name'], 'misspelt')).text).toContain('server:tool');
  });
});

describe('a goal', () => {
  test('is submitted for a person to approve, with what its agents may use', async () => {
    const requestId = 'goal-1';
    const args = { goal: 'count the words', mcpServers: [], requestId };
    const submitted = await call(await as('submitter'), 'submit_goal', args);
    expect(submitted, submitted.text).toMatchObject({ isError: false, value: { requestId } });
    expect(await pending(requestId)).toMatchObject({
      message: {
        input: { goal: 'count the words', approval: 'ask' },
        agents: { mcpServers: [] },
        labels: { 'mcp-client': 'a-client 1.2.3' },
      },
    });
    const unasked = await call(await as('submitter'), 'submit_goal', { goal: 'x', approval: 'given' });
    expect(unasked).toMatchObject({ isError: true, text: expect.stringContaining('approval') });
  });

  test('has what was composed for it, with what it may cost, and nothing before that', async () => {
    const client = await as('viewer');
    const workflow = { name: 'goal', version: '1.0.0', sha256: 'a'.repeat(64) };
    const runId = await runOf({ workflow });
    expect((await call(client, 'get_composed_workflow', { runId })).value).toMatchObject({ ref: null, document: null });
    const commandId = `${runId}-1`;
    const cost = { usd: 0.5, mostUsd: 1, steps: [] };
    const output = { ok: true, ref: 'goal-0123456789abcdef@1.0.0', document: { name: 'it' }, findings: [], cost };
    const task = { visit: 1, commandId, resource: 'baton:worker:planner', arguments: {}, attempt: 1 };
    await gateway.log.append(
      runId,
      {
        type: 'TaskScheduled',
        data: { ...task, notBefore: null, deadline: null, heartbeatSeconds: null, sha256: 'b'.repeat(64) },
      },
      { type: 'TaskSucceeded', data: { visit: 1, commandId, output } },
    );
    const composed = await call(client, 'get_composed_workflow', { runId });
    expect(composed.value).toMatchObject({ ref: output.ref, document: { name: 'it' }, estimate: cost });
    expect(composed.text).toContain('It is expected to cost 0.5 USD');
    const other = await call(client, 'get_composed_workflow', { runId: await runOf() });
    expect(other).toMatchObject({ isError: true, text: expect.stringMatching(/two-steps, and composes nothing/) });
  });
});

describe('what is expected, unusual and recommended', () => {
  test('is told with how little it is known from', async () => {
    const client = await as('viewer');
    const runId = await runOf();
    const expected = await call(client, 'get_expectation', { workflow: 'two-steps' });
    expect(expected).toMatchObject({
      isError: false,
      value: { ofWorkflow: { expectation: { status: 'not-enough' } } },
    });
    const ofRun = await call(client, 'get_expectation', { runId });
    expect(ofRun, ofRun.text).toMatchObject({ isError: false, value: { ofRun: { runId } } });
    const unusual = await call(client, 'list_anomalies', { workflow: 'two-steps', measure: 'cost' });
    expect(unusual.value).toEqual({ anomalies: [], next: null });
    const better = await call(client, 'get_recommendations', {});
    expect(better, better.text).toMatchObject({ isError: false, value: { recommendations: [], leftOff: 0 } });
  });

  test.each([
    ['get_expectation', {}, /One of runId and workflow/],
    ['get_expectation', { runId: 'a', workflow: 'b' }, /One of runId and workflow/],
    ['get_expectation', { runId: 'ffffffff' }, /There is no run ffffffff.*list_runs/],
    ['list_anomalies', { measure: 'mood' }, /measure/],
    ['list_anomalies', { since: 'yesterday' }, /since/],
    ['list_anomalies', { cursor: 'nonsense' }, /cursor/],
    ['get_recommendations', { runs: 1_000_000 }, /runs/],
  ])('%s with %j: one clear answer', async (name, args, says) => {
    const answer = await call(await as('viewer'), name, args);
    expect([answer.isError, answer.text]).toEqual([true, expect.stringMatching(says)]);
  });
});

describe('a rating', () => {
  test('is stored, with who said it and through what', async () => {
    const runId = await runOf();
    const requestId = `rate-${runId}`;
    const rated = await call(await as('operator'), 'rate_run', { runId, score: 4, note: 'neat', requestId });
    expect(rated, rated.text).toMatchObject({ isError: false });
    expect(await pending(requestId)).toMatchObject({
      name: 'rate',
      message: { score: 4, note: 'neat (by a-client 1.2.3, over MCP)', actor: { id: 'operator' } },
    });
  });

  test('of what is not there, of too much, or by an agent of the run: nothing is stored', async () => {
    const runId = await runOf();
    const requestId = `no-rate-${runId}`;
    const wrong = { runId, score: 4, decisionId: 'none', requestId };
    expect(await call(await as('operator'), 'rate_run', wrong)).toMatchObject({
      isError: true,
      text: expect.stringMatching(/has no decision none.*get_events/),
    });
    expect(await call(await as('operator'), 'rate_run', { runId, score: 6 })).toMatchObject({ isError: true });
    const agent = await named('at-work', ['operator'], 'baton-agent');
    const own = await call(agent, 'rate_run', { runId, score: 5, requestId });
    expect(own).toMatchObject({ isError: true, text: expect.stringMatching(/rating-by-agent/) });
    expect(await pending(requestId)).toBeUndefined();
  });
});

describe('an answer by a token', () => {
  /** A run with a task that waits for one. */
  async function waiting(row: number): Promise<{ readonly runId: string; readonly token: string }> {
    const runId = await runOf();
    await owner.query(
      `insert into baton.command (seq, command_id, lane, run_id, name, message, priority)
       values ($1, $2, 15, $3, 'token', '{}', 2)`,
      [row, `${runId}-1`, runId],
    );
    return { runId, token: (await readTaskTokens(owner))(`${runId}-1`) };
  }

  test('is stored without the token; a second one is told that it comes too late', async () => {
    const { runId, token } = await waiting(1);
    const client = await as('submitter');
    const answer = { token, answer: 'success', output: { price: 3 } };
    const told = await call(client, 'answer_task', answer);
    expect(told, told.text).toMatchObject({ isError: false, value: { runId } });
    const late = await call(client, 'answer_task', answer);
    expect(late).toMatchObject({ isError: true, text: expect.stringMatching(/task-timed-out.*get_run/) });
    const text = JSON.stringify([told, late, await pending(told.value.requestId), gateway.lines]);
    expect(cutTaskTokens(text)).toBe(text);
  });

  test('with what is no token, or with the output of another answer: nothing is done, and no token is repeated', async () => {
    const { runId, token } = await waiting(2);
    const client = await as('operator');
    const wrong = await call(client, 'answer_task', { token: `${token}x`, answer: 'success' });
    expect(wrong).toMatchObject({ isError: true, text: expect.stringMatching(/invalid-token/) });
    const mixed = await call(client, 'answer_task', { token, answer: 'failure', output: 1 });
    expect(mixed).toMatchObject({ isError: true, text: expect.stringMatching(/belongs to the other/) });
    const misfit = await call(client, 'answer_task', { token, answer: token });
    expect(misfit.isError).toBe(true);
    expect(cutTaskTokens(JSON.stringify([wrong, mixed, misfit]))).toBe(JSON.stringify([wrong, mixed, misfit]));
    const stored = await pendingRequests(gateway.hub, { limit: 1_000 });
    expect(stored.filter(({ message }) => message.runId === runId)).toEqual([]);
  });
});

describe('a schedule', () => {
  const timing = { type: 'cron', expression: '0 6 * * 1', timeZone: 'Europe/Berlin' };
  const make = async (name: string, more: object = {}) =>
    call(await as('submitter'), 'create_schedule', {
      ...{ name, timing, workflow: 'two-steps', input: { requirements: 'x' } },
      ...more,
    });

  test('is made, looked at, held, let go and removed', async () => {
    const made = await make('weekly', { mcpServers: [] });
    expect(made, made.text).toMatchObject({ isError: false, value: { name: 'weekly', version: 1, status: 'active' } });
    const client = await as('operator');
    const { value: listed } = await call(client, 'list_schedules');
    expect(listed).toMatchObject({ schedules: [{ name: 'weekly', stop: null }], unreadable: [] });
    const seen = await call(client, 'get_schedule', { name: 'weekly' });
    expect(seen.value).toMatchObject({ run: { agents: { mcpServers: [] } }, firings: [], timing });
    const paused = await call(client, 'pause_schedule', { name: 'weekly', version: 1 });
    expect(paused.value).toMatchObject({ status: 'paused', nextDueAt: null });
    const resumed = await call(client, 'resume_schedule', { name: 'weekly' });
    expect(resumed.value).toMatchObject({ status: 'active' });
    const { version } = resumed.value;
    expect((await call(client, 'delete_schedule', { name: 'weekly', version })).isError).toBe(false);
    const gone = await call(client, 'get_schedule', { name: 'weekly' });
    expect(gone).toMatchObject({ isError: true, text: expect.stringMatching(/no schedule weekly.*list_schedules/) });
  });

  test('that was changed since it was seen is neither held nor removed, and it is said what to do', async () => {
    await make('changed');
    const client = await as('operator');
    const { value } = await call(client, 'pause_schedule', { name: 'changed' });
    for (const tool of ['delete_schedule', 'resume_schedule']) {
      const stale = await call(client, tool, { name: 'changed', version: 1 });
      expect(stale).toMatchObject({ isError: true, text: expect.stringMatching(/Nothing was changed.*get_schedule/) });
    }
    expect((await call(client, 'get_schedule', { name: 'changed' })).value).toMatchObject({
      version: value.version,
      status: 'paused',
    });
  });

  test('of somebody else is an operator’s to change, and nobody’s else', async () => {
    await make('theirs');
    const another = await named('another', ['submitter']);
    const refused = await call(another, 'delete_schedule', { name: 'theirs', version: 1 });
    expect(refused).toMatchObject({ isError: true, text: expect.stringMatching(/not yours/) });
    const seen = await call(await as('viewer'), 'pause_schedule', { name: 'theirs' });
    expect(seen).toMatchObject({ isError: true, text: expect.stringMatching(/needs the role submitter or operator/) });
    expect((await call(another, 'get_schedule', { name: 'theirs' })).value).toMatchObject({ version: 1 });
  });

  test.each([
    ['a time that never comes', { timing: { type: 'cron', expression: '0 0 30 2 *' } }, /never/],
    ['no cron expression', { timing: { type: 'cron', expression: 'at noon' } }, /timing|expression/],
    ['an input that does not fit', { input: {} }, /requirements/],
    ['a workflow that is not there', { workflow: 'tow-steps' }, /list_workflows/],
  ])('with %s is not made: one clear answer', async (_, more, says) => {
    const answer = await make('never', more);
    expect([answer.isError, answer.text]).toEqual([true, expect.stringMatching(says)]);
    expect((await call(await as('viewer'), 'get_schedule', { name: 'never' })).isError).toBe(true);
  });
});

test('who works is told by kind, with schemas where one is asked for', async () => {
  const living = { v: 1, workerId: randomUUID(), kind: 'counter', host: 'ada', pid: 7, concurrency: 3 };
  const input = { type: 'object', properties: { text: { type: 'string' } } };
  await announceWorker(worker, WorkerAnnouncement.parse({ ...living, description: 'Counts words.', input }));
  const client = await as('viewer');
  const all = await call(client, 'list_workers');
  expect(all.value.kinds).toMatchObject([{ kind: 'counter', alive: 1, load: 0, places: 3, input: null }]);
  expect((await call(client, 'list_workers', { kind: 'counter' })).value.kinds).toMatchObject([
    { input, output: null },
  ]);
  const none = await call(client, 'list_workers', { kind: 'conter' });
  expect(none).toMatchObject({ isError: true, text: expect.stringMatching(/There are counter/) });
});
