import { type Json, JsonObject } from '@baton/contracts';
import { putFile, putTree, treeOf } from '@baton/workspace';
import { memoryStore } from '@baton/workspace/testing';
import { expect, test } from 'vitest';
import { scriptedModel as conversing } from '../loop/testing/scripted-conversation.js';
import { plan, review, STEP_1, STEP_2 } from '../testing/example-tasks.js';
import { agentsWith, memoryJournal, type ScriptedAnswer, scriptedModel, taskWith } from '../testing/scripted-agents.js';

const signal = new AbortController().signal;
const cache = { ttlSeconds: 60 };
const output = { type: 'object', required: ['mood'], properties: { mood: { enum: ['good', 'bad'] } } };
const asking = { prompt: 'Mood?', output, cache };

/** As the database keeps them: for as long as each reader allows. */
function memoryAnswers() {
  let seconds = 0;
  const kept = new Map<string, { readonly response: Json; readonly commandId: string; readonly at: number }>();
  return {
    kept,
    pass: (by: number) => {
      seconds += by;
    },
    cacheFor: (commandId: string, ttlSeconds: number) => ({
      read: async (sha256: string) => {
        const found = kept.get(sha256);
        if (found === undefined || found.at + ttlSeconds <= seconds) return null;
        return { ...found, at: new Date(found.at * 1000) };
      },
      write: async (sha256: string, response: Json) => void kept.set(sha256, { response, commandId, at: seconds }),
    }),
  };
}

async function world(answers: readonly ScriptedAnswer[]) {
  const model = scriptedModel(answers);
  const known = memoryAnswers();
  const { journalFor } = memoryJournal();
  const agents = await agentsWith(model.call, { cacheFor: known.cacheFor, journalFor });
  const task = (n: number, args: object) =>
    taskWith(JsonObject.parse(JSON.parse(JSON.stringify(args))), {
      commandId: `0b8f3c0e-6d52-4f0c-9f2a-7b1f6a2f5d1${n}-1`,
      runId: `0b8f3c0e-6d52-4f0c-9f2a-7b1f6a2f5d1${n}`,
    });
  return { agents, known, asked: model.requests, task };
}

test('a step that wants it gets the answer of another run to the same question, for nothing, and says so', async () => {
  const { agents, asked, task, known } = await world([{ mood: 'good' }, { mood: 'bad' }]);
  const first = await agents.prompt(task(1, asking), signal);
  expect(first).not.toHaveProperty('cachedFrom');
  const second = await agents.prompt(task(2, asking), signal);
  expect(asked).toHaveLength(1);
  const cachedFrom = { commandId: task(1, {}).commandId, at: '1970-01-01T00:00:00.000Z' };
  expect(second).toMatchObject({ ok: true, output: { mood: 'good' }, cachedFrom });
  expect(second.usage).toEqual({ inputTokens: 0, outputTokens: 0, costUsd: 0 });
  // The task that comes again says the same.
  expect(await agents.prompt(task(2, asking), signal)).toMatchObject({ cachedFrom, usage: { inputTokens: 0 } });
  known.pass(60);
  expect(await agents.prompt(task(3, asking), signal)).toMatchObject({ output: { mood: 'bad' } });
});

test('a step that does not want it asks, and leaves nothing', async () => {
  const { agents, asked, task, known } = await world([{ mood: 'good' }, { mood: 'bad' }]);
  const { cache: _, ...plain } = asking;
  await agents.prompt(task(1, plain), signal);
  await agents.prompt(task(2, asking), signal);
  expect(asked).toHaveLength(2);
  expect(known.kept.size).toBe(1);
});

test('an answer of another model is never taken over', async () => {
  const { agents, asked, task } = await world([{ mood: 'good' }, { mood: 'bad' }]);
  await agents.prompt(task(1, asking), signal);
  await agents.prompt(task(2, { ...asking, model: 'claude-haiku-5-5' }), signal);
  expect(asked.map(({ model }) => model)).toEqual(['claude-opus-5-5', 'claude-haiku-5-5']);
});

test('an answer that did not fit, and a task that failed, leave nothing', async () => {
  const { agents, task, known } = await world([{ mood: 'fair' }, { mood: 'good' }, { mood: 'fair' }, { mood: 'fair' }]);
  expect(await agents.prompt(task(1, asking), signal)).toMatchObject({ ok: true });
  expect(await agents.prompt(task(2, asking), signal)).toMatchObject({ ok: false });
  expect(known.kept.size).toBe(0);
});

test('planner and validator take over single questions', async () => {
  const { agents, asked, task } = await world([{ ...plan }, { ...review }]);
  for (const n of [1, 2]) {
    expect(await agents.planner(task(n, { ...STEP_1, cache }), signal)).toMatchObject({ ok: true, output: plan });
    expect(await agents.validator(task(n + 2, { ...STEP_2, cache }), signal)).toMatchObject({ ok: true });
  }
  expect(asked).toHaveLength(2);
});

test('in a conversation the first answer is taken over, and what it calls is done anew', async () => {
  const blobs = memoryStore();
  const file = { path: 'a.txt', mode: '100644' as const, ...(await putFile(blobs, Buffer.from('one\n'))) };
  const tree = await putTree(blobs, treeOf([file]));
  const model = conversing((turn) => ({
    calls: [turn === 0 ? { name: 'list', input: {} } : { name: 'finish', input: plan }],
  }));
  const { cacheFor } = memoryAnswers();
  const agents = await agentsWith(model.callModel, { blobs, cacheFor, journalFor: memoryJournal().journalFor });
  const args = JsonObject.parse({ ...STEP_1, cache, workspace: { tree } });
  const id = (n: number) => ({ commandId: `0b8f3c0e-6d52-4f0c-9f2a-7b1f6a2f5d1${n}-1` });
  await agents.planner(taskWith(args, id(1)), signal);
  const second = await agents.planner(taskWith(args, id(2)), signal);
  expect(second).toMatchObject({ ok: true, output: plan, cachedFrom: id(1), usage: { inputTokens: 100 } });
  expect(model.asked).toHaveLength(3);
  expect(model.asked[2]?.turns?.[0]?.outcomes[0]?.text).toContain('a.txt  4');
});

test('a wish that makes no sense is refused', async () => {
  const { agents, task } = await world([]);
  for (const wrong of [{ ttlSeconds: 0 }, { ttlSeconds: 1e9 }, true, {}]) {
    expect(await agents.prompt(task(1, { ...asking, cache: wrong }), signal)).toMatchObject({
      error: 'Baton.InvalidInput',
    });
    expect(await agents.planner(task(1, { ...STEP_1, cache: wrong }), signal)).toMatchObject({
      error: 'Baton.InvalidInput',
    });
  }
});
