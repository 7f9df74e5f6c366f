import { expect, test } from 'vitest';
import type { ModelRequest } from '../model.js';
import { request } from '../testing/sample-request.js';
import { createBeginnings } from './beginnings.js';

const never = new AbortController().signal;
const asking = (question: string, changes: Partial<ModelRequest> = {}): ModelRequest => ({
  ...request,
  parts: [
    { text: 'The code.', cache: true },
    { text: question, cache: false },
  ],
  ...changes,
});

test('the second with the same beginning waits until the first is answered, and both go on', async () => {
  const beginnings = createBeginnings();
  const began: string[] = [];
  const first = await beginnings.enter(asking('A?'), never);
  const second = beginnings.enter(asking('B?'), never).then(() => began.push('second'));
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(began).toEqual([]);
  first();
  await second;
  expect(began).toEqual(['second']);
  await beginnings.enter(asking('C?'), never);
});

test.each([
  ['another beginning', asking('B?', { system: 'Another.' })],
  ['no mark', asking('B?', { parts: [{ text: 'The code.', cache: false }] })],
  ['a conversation that goes on', asking('B?', { turns: [{ content: [], outcomes: [] }] })],
])('one with %s does not wait', async (_, other) => {
  const beginnings = createBeginnings();
  await beginnings.enter(asking('A?'), never);
  await beginnings.enter(other, never);
});

test('nobody waits for ever, nor once nobody waits for him', async () => {
  const beginnings = createBeginnings(20);
  await beginnings.enter(asking('A?'), never);
  await beginnings.enter(asking('B?'), never);
  const long = createBeginnings();
  await long.enter(asking('A?'), never);
  const abort = new AbortController();
  const waiting = long.enter(asking('B?'), abort.signal);
  abort.abort();
  await waiting;
});
