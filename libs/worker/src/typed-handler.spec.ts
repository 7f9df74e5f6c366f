import { RetryableError, TerminalError } from '@baton/contracts';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { conversationOf } from './conversation.js';
import type { WorkerTask } from './task-handler.js';
import { doTypedWork, type HandleContext } from './typed-handler.js';

const RUN = '0b8f3c0e-6d52-4f0c-9f2a-7b1f6a2f5d11';
const taskWith = (args: WorkerTask['arguments']): WorkerTask => ({
  commandId: `${RUN}-3`,
  runId: RUN,
  state: 'Charge',
  attempt: 2,
  arguments: args,
});
const nothingNoted = { read: async () => null, write: async () => {} };
const nothingStored = {
  put: async () => Promise.reject(new Error('not asked')),
  get: async () => Promise.reject(new Error('not asked')),
};
const context = {
  heartbeat: () => {},
  log: { info: () => {}, warn: () => {} },
  journal: nothingNoted,
  conversation: conversationOf(
    { commandId: 'c', runId: 'r', state: 'Pay', attempt: 1, arguments: null },
    () => nothingNoted,
  ),
  blobs: nothingStored,
};
const input = z.strictObject({ amount: z.number().positive() });
const output = z.object({ receipt: z.string().min(1) });

type Handle = (input: { amount: number }, context: HandleContext) => unknown;
const work = (handle: Handle, args: WorkerTask['arguments'] = { amount: 1 }, signal = new AbortController().signal) =>
  doTypedWork({ input, output: output.loose(), handle: handle as never }, taskWith(args), context, signal);

const refuse = (): never => {
  throw new Error('do not look');
};
class CardDeclined extends Error {}
class Named extends Error {
  override readonly name = 'Payment.Blocked';
}
const throwing = (thrown: unknown): Handle => {
  return () => {
    throw thrown;
  };
};

describe('typed work', () => {
  it('gets its input as its schema reads it, and the ids of its task', async () => {
    const given: unknown[] = [];
    const handle: Handle = (...all) => {
      given.push(...all);
      return { receipt: 'r-1' };
    };
    expect(await work(handle, { amount: 3 })).toEqual({ ok: true, output: { receipt: 'r-1' } });
    expect(given).toEqual([
      { amount: 3 },
      expect.objectContaining({ idempotencyKey: `${RUN}-3`, commandId: `${RUN}-3`, runId: RUN, attempt: 2 }),
    ]);
  });

  it('is begun although the hub added hints that its schema does not know', async () => {
    const given: unknown[] = [];
    const handle: Handle = (input) => {
      given.push(input);
      return { receipt: 'r-1' };
    };
    const recovery = { strategy: 'same', attempt: 1, previousError: { error: 'E', cause: '' } };
    expect(await work(handle, { amount: 3, recovery, budgetHint: 'wind-down' })).toMatchObject({ ok: true });
    expect(given).toEqual([{ amount: 3 }]);
    expect(await work(handle, { amount: 3, recovery, tip: 1 })).toMatchObject({
      cause: expect.stringContaining('tip'),
    });
  });

  it('gets hints that its schema knows, and what it may spend', async () => {
    const given: unknown[] = [];
    const knowing = input.extend({ budgetHint: z.literal('wind-down').optional() });
    const handle = (asked: unknown, { budget }: HandleContext) => {
      given.push(asked, budget);
      return { receipt: 'r-1' };
    };
    const task = { ...taskWith({ amount: 3, budgetHint: 'wind-down' }), budget: { tokens: 1000 } };
    await doTypedWork({ input: knowing, output, handle }, task, context, new AbortController().signal);
    expect(given).toEqual([{ amount: 3, budgetHint: 'wind-down' }, { tokens: 1000 }]);
  });

  it('ends with a question to a person, which is no error of its own', async () => {
    const result = await work((_, { conversation }) => conversation.ask({ text: 'Which account?' }));
    expect(result).toMatchObject({
      ok: false,
      error: 'Baton.AsksPerson',
      asks: { text: 'Which account?', entries: 0 },
    });
  });

  it('is not begun with arguments that do not fit', async () => {
    const result = await work(throwing(new Error('must not run')), { amount: -1, tip: 1 });
    expect(result).toMatchObject({ ok: false, error: 'Baton.InvalidInput', retryable: false });
    expect(result).toMatchObject({ cause: expect.stringMatching(/amount: .*tip/s) });
  });

  it.each<readonly [string, unknown]>([
    ['that violates the schema', { receipt: '' }],
    ['that is not there', undefined],
    ['that is no JSON', { receipt: 'r', amount: 1n }],
  ])('fails with output %s', async (_, answer) => {
    expect(await work(() => answer)).toMatchObject({ ok: false, error: 'Baton.InvalidOutput', retryable: true });
  });

  it.each<readonly [string, () => unknown]>([
    ['a proxy that throws', () => new Proxy({}, { get: refuse, ownKeys: refuse, getPrototypeOf: refuse })],
    ['a property that throws', () => Object.defineProperty({}, 'receipt', { get: refuse, enumerable: true })],
    ['a toJSON that throws', () => ({ receipt: 'r', toJSON: refuse })],
    ['a then that throws', () => Object.defineProperty({}, 'then', { get: refuse })],
    ['a promise that rejects with nothing', () => Promise.reject(undefined)],
  ])('fails where its output is %s', async (_, answer) => {
    expect(await work(answer)).toMatchObject({ ok: false, error: expect.any(String), cause: expect.any(String) });
  });

  it('fails with output that contains itself or is nested deeper than a message may be', async () => {
    const self: Record<string, unknown> = { receipt: 'r' };
    self.self = self;
    let deep: unknown = 1;
    for (let level = 0; level < 600; level += 1) deep = [deep];
    expect(await work(() => self)).toMatchObject({ error: 'Baton.InvalidOutput' });
    expect(await work(() => ({ receipt: 'r', deep }))).toMatchObject({ error: 'Baton.InvalidOutput' });
  });

  it.each<readonly [string, unknown, string, boolean]>([
    ['a class of its own by its name', new CardDeclined('no funds'), 'CardDeclined', true],
    ['an error that names itself', new Named('no funds'), 'Payment.Blocked', true],
    ['a built-in error', new TypeError('no funds'), 'TypeError', true],
    ['a TerminalError', new TerminalError('no funds', { code: 'x' }), 'TerminalError', false],
    ['a RetryableError', new RetryableError('no funds', { code: 'x', retryAfterMs: 1 }), 'RetryableError', true],
    ['what is no error', 'no funds', 'Error', true],
  ])('reports %s', async (_, thrown, error, retryable) => {
    expect(await work(throwing(thrown))).toEqual({ ok: false, error, cause: 'no funds', retryable });
  });

  it('tells what its models used, also where it fails, and nothing where it was told nothing', async () => {
    const usage = { inputTokens: 12, outputTokens: 3, costUsd: null };
    const told = { usage, model: 'm' };
    const telling =
      (then: Handle): Handle =>
      (input, context) => {
        context.tell({ usage: { ...usage, inputTokens: 1 } });
        context.tell(told);
        return then(input, context);
      };
    const failing = throwing(new CardDeclined('no funds'));
    expect(await work(telling(() => ({ receipt: 'r-1' })))).toEqual({ ok: true, output: { receipt: 'r-1' }, ...told });
    expect(await work(telling(() => ({ receipt: '' })))).toMatchObject({ error: 'Baton.InvalidOutput', ...told });
    expect(await work(telling(failing))).toMatchObject({ error: 'CardDeclined', ...told });
    expect(await work(() => ({ receipt: 'r-1' }))).not.toHaveProperty('usage');
    const wrong: Handle = (_, { tell }) => tell({ usage: { ...usage, inputTokens: -1 } });
    expect(await work(wrong)).toMatchObject({ ok: false, cause: expect.stringContaining('inputTokens') });
  });

  it('reports nothing once it was let go', async () => {
    const letGo = new AbortController();
    letGo.abort();
    await expect(work(throwing(new CardDeclined('aborted')), { amount: 1 }, letGo.signal)).rejects.toThrow('aborted');
  });
});
