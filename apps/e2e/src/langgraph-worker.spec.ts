import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { ApprovalView, Conversation, RunResult } from '@baton/contracts';
import { type MessagesServer, message, startMessagesServer } from '@baton/llm/testing';
import { askedOf, BASE_ENV, ended, eventsOf, publish, ROOT, type Stack, submit, violations } from '@baton/test-stack';
import { afterAll, expect } from 'vitest';
import { z } from 'zod';
import { test } from './testing/shared-stack.js';

/*
 * A graph of LangGraph as a task: the example, real queues, a process that is killed in the middle of the third of five nodes. What
 * a node does outside is counted where it is done: at the servers that it asks.
 */

const EXAMPLE = join(ROOT, 'examples/workers/langgraph/src/main.ts');

let stack: Stack;
let model: MessagesServer;
let services: Server;
const effects: string[] = [];
/** Resolved when the model is asked for the draft the first time, which it never answers. */
const draftBegun = Promise.withResolvers<void>();
const workers: ChildProcess[] = [];

async function startWorker(): Promise<ChildProcess> {
  const address = services.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  const worker = spawn(process.execPath, [EXAMPLE], {
    env: {
      ...BASE_ENV,
      ...(await stack.joinEnv()),
      ANTHROPIC_API_KEY: 'of-a-test',
      ANTHROPIC_BASE_URL: model.url,
      RELEASE_NOTES_CHANGES_URL: `http://127.0.0.1:${port}/changes`,
      RELEASE_NOTES_PUBLISH_URL: `http://127.0.0.1:${port}/publish`,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  workers.push(worker);
  const isReady = Promise.withResolvers<void>();
  worker.stdout?.on('data', (chunk: Buffer) => {
    if (chunk.toString().includes('worker ready')) isReady.resolve();
  });
  await isReady.promise;
  return worker;
}

test.beforeAll(async ({ everything }) => {
  stack = everything;
  await publish(stack, await readFile(join(ROOT, 'examples/workflows/release-notes.yaml'), 'utf8'));
  model = await startMessagesServer(async (response, request) => {
    const isDraft = JSON.stringify(request.body).includes('Write the release notes');
    effects.push(isDraft ? 'draft' : 'group');
    if (!isDraft) return message({ texts: ['Added: a door.'] })(response, request);
    if (effects.filter((effect) => effect === 'draft').length === 1) return draftBegun.resolve();
    await message({ texts: ['# 2.0\n\nThere is a door.'] })(response, request);
  });
  services = createServer(async (request, response) => {
    const isRead = request.url?.startsWith('/changes') === true;
    effects.push(isRead ? 'collect' : `publish ${request.headers['idempotency-key']}: ${await text(request)}`);
    response.end(JSON.stringify(isRead ? [{ id: 'C1', text: 'a door' }] : { url: 'https://example.org/notes/2.0' }));
  });
  services.listen(0, '127.0.0.1');
  await once(services, 'listening');
});
afterAll(async () => {
  for (const worker of workers) worker.kill('SIGKILL');
  services?.closeAllConnections();
  services?.close();
  await model?.close();
});

const Ids = z.object({ commandId: z.string() });

test('a graph whose worker is killed in the middle goes on in another from its last step, asks a person, and does nothing twice', async () => {
  const first = await startWorker();
  const runId = await submit(stack, { workflow: 'release-notes', input: { version: '2.0' } });
  await draftBegun.promise;
  first.kill('SIGKILL');
  await once(first, 'exit');
  expect(effects).toEqual(['collect', 'group', 'draft']);

  const second = await startWorker();
  const asked = await askedOf(stack, runId);
  expect(asked.arguments).toMatchObject({
    about: 'question',
    question: expect.stringContaining('There is a door.'),
  });
  expect(effects).toEqual(['collect', 'group', 'draft', 'draft']);

  // Who asked is gone when the answer comes.
  second.kill('SIGKILL');
  await startWorker();
  const answer = { decision: 'answer', comment: 'publish' };
  const headers = { 'if-match': `"${ApprovalView.parse(asked).sha256}"` };
  const path = `/v1/approvals/${asked.approvalId}/decision`;
  await stack.api(path, { method: 'POST', body: JSON.stringify(answer), headers });

  const view = await ended(stack, runId);
  const events = await eventsOf(stack, runId);
  expect(view.status, JSON.stringify(events)).toBe('succeeded');
  expect(violations(events)).toEqual([]);
  expect(RunResult.parse(await stack.api(`/v1/runs/${runId}/result`)).output).toEqual({
    notes: '# 2.0\n\nThere is a door.',
    url: 'https://example.org/notes/2.0',
  });
  const scheduled = events.filter(({ type }) => type === 'TaskScheduled').map(({ data }) => Ids.parse(data).commandId);
  const notes = JSON.stringify({ version: '2.0', notes: '# 2.0\n\nThere is a door.' });
  expect(effects).toEqual(['collect', 'group', 'draft', 'draft', `publish ${scheduled[0]}: ${notes}`]);

  // What the log holds of the steps: how many entries the journal of each task has, and their hash.
  const journaled = events.flatMap(({ type, data }) => {
    const read = z.object({ journaled: z.object({ entries: z.number(), sha256: z.string() }) }).safeParse(data);
    return read.success ? [`${type} ${read.data.journaled.entries > 0}`] : [];
  });
  expect(journaled).toEqual(['TaskAsked true', 'TaskSucceeded true']);

  const said = await stack.api(`/v1/runs/${runId}/conversation?command=${scheduled.at(-1)}`);
  expect(Conversation.parse(said).steps?.map(({ step, source }) => [step, source])).toEqual([
    [-1, 'input'],
    ...[0, 1, 2, 3, 4, 5].map((step) => [step, 'loop']),
  ]);
});
