import { RetryableError } from '@baton/contracts';
import { expect, test } from 'vitest';
import { withAdaptedRoom } from './adapted-room.js';
import type { ModelRequest, ModelResponse } from './model.js';
import { request as sampleRequest } from './testing/sample-request.js';

const answer: ModelResponse = {
  text: 'yes',
  content: [],
  toolCalls: [],
  model: sampleRequest.model,
  stopReason: 'end_turn',
  usage: { inputTokens: 1, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0 },
  requestId: null,
};
const tooMuch = (): Error => new RetryableError('Too much.', { code: 'model-rate-limited', retryAfterMs: 1 });
const settled = (): Promise<void> => new Promise(setImmediate);

/** A server whose calls a test ends one by one, oldest first. */
function world() {
  const open: { readonly resolve: (response: ModelResponse) => void; readonly reject: (error: Error) => void }[] = [];
  const call = withAdaptedRoom(
    () => new Promise<ModelResponse>((resolve, reject) => void open.push({ resolve, reject })),
  );
  const never = new AbortController().signal;
  const outcomes: string[] = [];
  return {
    open,
    outcomes,
    ask: (count: number, signal = never, more: Partial<ModelRequest> = {}): void => {
      for (let n = 0; n < count; n += 1) {
        call({ ...sampleRequest, ...more }, signal).then(
          () => void outcomes.push('answered'),
          (error: Error) => void outcomes.push('code' in error ? String(error.code) : error.message),
        );
      }
    },
    answer: async (count = 1): Promise<void> => {
      for (let n = 0; n < count; n += 1) {
        open.shift()?.resolve(answer);
        await settled();
      }
    },
    refuse: async (count = 1): Promise<void> => {
      for (const { reject } of open.splice(0, count)) {
        reject(tooMuch());
        await settled();
      }
    },
  };
}

test('there is no bound until a server says that it is too much; then half of what was under way is', async () => {
  const { ask, open, refuse } = world();
  ask(16);
  await settled();
  expect(open).toHaveLength(16);
  await refuse();
  ask(10);
  await settled();
  // Fifteen are under way still: nobody comes in.
  expect(open).toHaveLength(15);
});

test('what had begun before a refusal cuts nothing more, what began after it does', async () => {
  const { ask, open, refuse, answer } = world();
  ask(16);
  await settled();
  await refuse(16);
  ask(20);
  await settled();
  expect(open).toHaveLength(8);
  await refuse();
  await answer(7);
  // A room of four, and a little more for seven answers.
  expect(open).toHaveLength(5);
});

test('it grows back by a call for a room full of answers, and in the end there is no bound', async () => {
  const { ask, open, refuse, answer } = world();
  ask(8);
  await settled();
  await refuse(8);
  ask(200);
  await settled();
  expect(open).toHaveLength(4);
  await answer(4);
  expect(open).toHaveLength(4);
  await answer(1);
  expect(open).toHaveLength(5);
  await answer(40);
  expect(open.length).toBeGreaterThan(100);
});

test('one call at least is let in, however often it is refused, and each model has a room of its own', async () => {
  const { ask, open, refuse } = world();
  ask(3);
  await settled();
  for (let n = 0; n < 5; n += 1) {
    await refuse(3);
    ask(2);
    await settled();
  }
  expect(open).toHaveLength(1);
  ask(5, new AbortController().signal, { model: 'another' });
  await settled();
  expect(open).toHaveLength(6);
});

test('who waits and is not wanted any more leaves the line, and holds no room', async () => {
  const { ask, open, refuse, answer, outcomes } = world();
  ask(2);
  await settled();
  await refuse(2);
  const given = new AbortController();
  ask(1);
  ask(1, given.signal);
  ask(1);
  await settled();
  given.abort();
  await settled();
  expect(outcomes).toEqual(['model-rate-limited', 'model-rate-limited', 'model-aborted']);
  await answer(1);
  expect(open).toHaveLength(1);
  await answer(1);
  expect(outcomes.slice(3)).toEqual(['answered', 'answered']);
});
