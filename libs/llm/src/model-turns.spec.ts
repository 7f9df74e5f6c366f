import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ModelBusy, UnusableAnswer } from './errors.js';
import type { CallModel } from './model.js';
import { byTurns, type ModelTurns } from './model-turns.js';
import { request } from './testing/sample-request.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const usage = { inputTokens: 10, outputTokens: 5, cacheReadTokens: 1_000, cacheWriteTokens: 3 };
const response = {
  ...{ text: '', content: [], toolCalls: [], model: 'm', stopReason: 'end_turn' },
  usage,
  requestId: null,
};

type Turn = Awaited<ReturnType<ModelTurns['take']>>;
const GRANTED: Turn = { isLimited: true, mayBegin: true, waitMs: 0 };
const WAIT: Turn = { isLimited: true, mayBegin: false, waitMs: 250 };
const FREE: Turn = { isLimited: false, mayBegin: true, waitMs: 0 };

/** By the fake clock. */
const wait = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    setTimeout(resolve, ms);
    signal.addEventListener('abort', () => reject(new Error('aborted')));
  });

function given(answers: readonly Turn[], callModel: CallModel = async () => response) {
  const left = [...answers];
  const said: string[] = [];
  const turns: ModelTurns = {
    take: async ({ callId }) => {
      said.push(`take ${callId}`);
      return left.shift() ?? GRANTED;
    },
    goesOn: async (callId) => void said.push(`goes on ${callId}`),
    end: async (callId, tokens) => void said.push(`end ${callId} ${tokens}`),
  };
  let id = 0;
  const call = byTurns(
    async (request, signal) => {
      said.push('call');
      return callModel(request, signal);
    },
    turns,
    { newId: () => `c${++id}`, monotonicMs: () => Date.now(), onMissed: () => {}, wait },
  );
  const controller = new AbortController();
  return { said, controller, ask: () => call(request, controller.signal) };
}

test('a call waits for its turn, and what it used is said when it has ended', async () => {
  const { said, ask } = given([WAIT, WAIT, GRANTED]);
  const asked = ask();
  await vi.advanceTimersByTimeAsync(249);
  expect(said).toEqual(['take c1']);
  await vi.advanceTimersByTimeAsync(300);
  await asked;
  expect(said).toEqual(['take c1', 'take c1', 'take c1', 'call', 'end c1 18']);
});

test('a call that waits hears at once that nobody waits for its task, and gives up its turn', async () => {
  const { said, ask, controller } = given([WAIT]);
  const asked = expect(ask()).rejects.toMatchObject({ code: 'model-aborted' });
  await vi.advanceTimersByTimeAsync(10);
  controller.abort();
  await asked;
  expect(said).toEqual(['take c1', 'end c1 0']);
});

test('a long call says that it goes on', async () => {
  const { said, ask } = given([GRANTED], () => new Promise((resolve) => setTimeout(() => resolve(response), 12_000)));
  const asked = ask();
  await vi.advanceTimersByTimeAsync(12_000);
  await asked;
  expect(said).toEqual(['take c1', 'call', 'goes on c1', 'goes on c1', 'end c1 18']);
});

test('where a model is not limited it is asked without a question, until a little later', async () => {
  const { said, ask } = given([FREE, FREE]);
  await ask();
  await ask();
  vi.setSystemTime(Date.now() + 2_000);
  await ask();
  expect(said).toEqual(['take c1', 'call', 'call', 'take c2', 'call']);
});

const SPENT = { ...{ model: 'm', stopReason: 'refusal' }, usage, requestId: null };
test.each([
  ['what was paid counts', new UnusableAnswer('no', { code: 'c', next: 'n', spent: SPENT }), 18],
  ['a server that sent it away counted nothing', new ModelBusy('busy', { code: 'c', retryAfterMs: 1 }), 0],
  ['what nobody knows stays as it was reserved', new Error('cut'), null],
])('of a call that failed %s', async (_, error, tokens) => {
  const { said, ask } = given([GRANTED], () => Promise.reject(error));
  await expect(ask()).rejects.toBe(error);
  expect(said.at(-1)).toBe(`end c1 ${tokens}`);
});
