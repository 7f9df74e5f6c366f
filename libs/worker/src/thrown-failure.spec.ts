import { runInNewContext } from 'node:vm';
import { RetryableError, TaskFailed, TerminalError } from '@baton/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { thrownFailure } from './thrown-failure.js';

class CardDeclined extends Error {}
class Refund {
  readonly code = 7;
}

const circular: Record<string, unknown> = { code: 7 };
circular.self = circular;

const looping = new Error('outer');
looping.cause = looping;

const hostile = (): never => {
  throw new Error('do not look');
};
const hostileGetters = Object.defineProperties(new Error('x'), {
  name: { get: hostile },
  message: { get: hostile },
  cause: { get: hostile },
  constructor: { get: hostile },
  stack: { get: hostile },
});
const traps = new Proxy(
  {},
  { get: hostile, has: hostile, ownKeys: hostile, getPrototypeOf: hostile, getOwnPropertyDescriptor: hostile },
);

const textOf = (thrown: unknown) => {
  const { error, cause } = thrownFailure(thrown);
  return [error, cause];
};

describe('what a worker throws', () => {
  it.each<[string, unknown, string, string]>([
    ['an error of a class of its own', new CardDeclined('no'), 'CardDeclined', 'no'],
    [
      'an error with a list for a message',
      Object.assign(new Error(), { name: 'ValidationError', message: ['a', 'b'] }),
      'ValidationError',
      'a; b',
    ],
    [
      'an error with an object for a message',
      Object.assign(new Error(), { message: { field: 'a' } }),
      'Error',
      '{"field":"a"}',
    ],
    ['an error without a name', Object.assign(new Error('x'), { name: undefined }), 'Error', 'x'],
    ['an error whose name is a number', Object.assign(new CardDeclined('x'), { name: 7 }), 'CardDeclined', 'x'],
    ['an error that says nothing', new CardDeclined(), 'CardDeclined', ''],
    [
      'an error that says nothing and holds something',
      Object.assign(new Error(), { status: 402 }),
      'Error',
      '{"status":402}',
    ],
    ['an error of another realm', runInNewContext('new RangeError("cross")'), 'RangeError', 'cross'],
    [
      'an error with causes',
      new Error('outer', { cause: new CardDeclined('no', { cause: 'card 7' }) }),
      'Error',
      'outer; caused by CardDeclined: no; caused by card 7',
    ],
    [
      'an error that repeats its cause',
      new Error('outer: inner', { cause: new Error('inner') }),
      'Error',
      'outer: inner',
    ],
    ['an error that causes itself', looping, 'Error', 'outer'],
    [
      'several errors',
      new AggregateError([new CardDeclined('no'), 'late'], 'all failed'),
      'AggregateError',
      'all failed (CardDeclined: no; late)',
    ],
    ['an error with a hint', new TerminalError('No.', { code: 'x', next: 'Do y.' }), 'TerminalError', 'No. Do y.'],
    ['a text', 'just so', 'Error', 'just so'],
    ['a number', 7, 'Error', '7'],
    ['a bigint', 10n, 'Error', '10n'],
    ['a symbol', Symbol('s'), 'Error', 'Symbol(s)'],
    ['nothing', undefined, 'Error', 'undefined'],
    ['null', null, 'Error', 'null'],
    ['an object', { code: 7 }, 'Error', '{"code":7}'],
    ['an object with name and message', { name: 'Teapot', message: 'short and stout' }, 'Teapot', 'short and stout'],
    ['a circular object', circular, 'Error', '<ref *1> { code: 7, self: [Circular *1] }'],
    ['an object of a class', new Refund(), 'Refund', 'Refund { code: 7 }'],
    ['a promise', Promise.resolve(1), 'Promise', 'A promise was thrown; its await may be missing.'],
    ['an object whose properties throw', hostileGetters, 'Error', expect.any(String)],
    [
      'a proxy whose traps throw',
      traps,
      'Error',
      'Proxy [ {}, { get: [Function: hostile], has: [Function: hostile], ownKeys: [Function: hostile], getPrototypeOf: [Function: hostile], getOwnPropertyDescriptor: [Function: hostile] } ]',
    ],
  ])('%s fails the task under its name, with what it says', (_, thrown, error, cause) => {
    expect(textOf(thrown)).toEqual([error, cause]);
  });

  it('forbids a retry where it is a TerminalError, and nothing else does', () => {
    expect(thrownFailure(new TerminalError('no', { code: 'x' })).retryable).toBe(false);
    expect(thrownFailure(new RetryableError('no', { code: 'x', retryAfterMs: 1 })).retryable).toBe(true);
    expect(thrownFailure(traps).retryable).toBe(true);
  });

  it('is bounded, and can be stored', () => {
    const { error, cause } = thrownFailure(
      Object.assign(new Error('m'.repeat(1e7)), { name: 'N\u0000\uD800'.repeat(1e6) }),
    );
    expect(error.length).toBeLessThanOrEqual(256);
    expect(cause.length).toBeLessThanOrEqual(4_000);
    expect(`${error}${cause}`.isWellFormed() && !error.includes('\u0000')).toBe(true);
  });

  it('does not end the process where it is a promise that rejects', async () => {
    expect(thrownFailure(Promise.reject(new Error('nobody waits'))).error).toBe('Promise');
    await new Promise((resolve) => setImmediate(resolve));
  });

  it('is always a failure that a results queue takes', () => {
    const anything = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
      withNullPrototype: true,
      withSparseArray: true,
      withObjectString: true,
    });
    const mangled = fc
      .record(
        { name: anything, message: anything, cause: anything, errors: anything, next: anything, stack: anything },
        { requiredKeys: [] },
      )
      .map((properties) => {
        const error = new Error('x');
        for (const [key, value] of Object.entries(properties)) Object.defineProperty(error, key, { value });
        return error;
      });
    const trapped = anything.map(
      (value) =>
        new Proxy(Object(value), {
          get: (target, key) => (String(key).length % 2 === 0 ? hostile() : Reflect.get(target, key)),
        }),
    );
    const run = '0b8f3c0e-6d52-4f0c-9f2a-7b1f6a2f5d11';
    const envelope = { v: 1, id: 'm', runId: run, commandId: `${run}-1`, step: 0, dispatchNo: 0 };
    fc.assert(
      fc.property(fc.oneof(anything, mangled, trapped), (thrown) => {
        const { ok: _, ...failed } = thrownFailure(thrown);
        const sent: unknown = JSON.parse(JSON.stringify({ ...envelope, ...failed }));
        expect(TaskFailed.parse(sent)).toMatchObject(failed);
      }),
      { numRuns: 500 },
    );
  });
});
