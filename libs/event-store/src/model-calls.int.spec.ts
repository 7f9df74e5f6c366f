import { randomUUID } from 'node:crypto';
import type { LimitPolicy } from '@baton/contracts';
import fc from 'fast-check';
import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { setLimits } from './limits.js';
import { endModelCall, modelLoads, modelTurn } from './model-calls.js';
import { createPool, one, query } from './pool.js';
import { createTestDatabase, type TestDatabase } from './testing/database.js';

let database: TestDatabase;
let owner: Pool;
let worker: Pool;
beforeAll(async () => {
  database = await createTestDatabase(inject('postgresUrl'));
  owner = createPool(database.url, { role: 'owner', applicationName: 'turns-test', max: 4 });
  worker = createPool(database.url, { role: 'worker', applicationName: 'turns-test', max: 4 });
});
afterAll(async () => {
  await owner?.end();
  await worker?.end();
  await database?.drop();
});

const begin = async (models: LimitPolicy['models']): Promise<void> => {
  await owner.query('truncate baton.model_call');
  await setLimits(owner, models === undefined ? null : { models });
};

interface Call {
  readonly callId: string;
  readonly model: string;
  readonly tokens: number;
  readonly isOffline?: boolean;
}
const aCall = (model: string, tokens = 1): Call => ({ callId: randomUUID(), model, tokens });

/** As of a time of the test's own. */
async function turnAt(nowMs: number, { callId, model, tokens, isOffline = false }: Call): Promise<boolean> {
  const rows = await query<{ may_begin: boolean }>(
    owner,
    'turn-at',
    `select may_begin from baton.model_turn_at($1::timestamptz, $2, $3, $4, 'c', $5)`,
    [new Date(nowMs), callId, model, isOffline, tokens],
  );
  return one(rows, 'a turn').may_begin;
}

async function endAt(nowMs: number, { callId }: Call, tokens: number): Promise<void> {
  await owner.query('update baton.model_call set ended_at = $2, tokens = $3 where call_id = $1', [
    callId,
    new Date(nowMs),
    tokens,
  ]);
}

const MINUTE = 60_000;
const limit = fc.record(
  {
    atOnce: fc.integer({ min: 1, max: 3 }),
    requestsPerMinute: fc.integer({ min: 1, max: 5 }),
    tokensPerMinute: fc.integer({ min: 10, max: 60 }),
  },
  { requiredKeys: ['requestsPerMinute'] },
);
const steps = fc.array(
  fc.record({
    afterMs: fc.constantFrom(0, 100, 900, 4_000, 20_000),
    does: fc.constantFrom('ask' as const, 'ask' as const, 'ask again' as const, 'end' as const, 'be killed' as const),
    model: fc.constantFrom('m1', 'm2'),
    tokens: fc.integer({ min: 1, max: 30 }),
    pick: fc.nat(),
  }),
  { minLength: 5, maxLength: 30 },
);

type Limit = NonNullable<NonNullable<LimitPolicy['models']>['all']>;

interface Begun {
  readonly call: Call;
  readonly atMs: number;
  tokens: number;
  isUnderWay: boolean;
}

/** Calls that wait and calls that began, by a clock of their own, each looked at when it begins. */
class Asking {
  nowMs = Date.parse('2030-01-01T00:00:00Z');
  waiting: Call[] = [];
  readonly begun: Begun[] = [];

  constructor(
    readonly all: Limit,
    readonly each: Limit,
  ) {}

  async ask(call: Call): Promise<void> {
    if (!(await turnAt(this.nowMs, call))) return;
    expect(this.waiting.find(({ model }) => model === call.model)).toBe(call);
    this.waiting = this.waiting.filter((other) => other !== call);
    const { tokensPerMinute: ofAll = Number.POSITIVE_INFINITY } = this.all;
    const { tokensPerMinute: ofEach = Number.POSITIVE_INFINITY } = this.each;
    const tokens = Math.min(call.tokens, ofAll, ofEach);
    this.begun.push({ call, atMs: this.nowMs, tokens, isUnderWay: true });
    this.check(this.all, this.begun);
    this.check(
      this.each,
      this.begun.filter((other) => other.call.model === call.model),
    );
  }

  check({ atOnce = 99, requestsPerMinute = 99, tokensPerMinute = 9_999 }: Limit, begun: readonly Begun[]): void {
    const recent = begun.filter(({ atMs }) => atMs > this.nowMs - MINUTE);
    expect(recent.length).toBeLessThanOrEqual(requestsPerMinute);
    expect(recent.reduce((sum, { tokens }) => sum + tokens, 0)).toBeLessThanOrEqual(tokensPerMinute);
    // Nobody says that a call goes on here.
    const underWay = begun.filter(({ isUnderWay, atMs }) => isUnderWay && atMs >= this.nowMs - 15_000);
    expect(underWay.length).toBeLessThanOrEqual(atOnce);
  }

  /** Whoever waits asks again in time. */
  async pass(ms: number): Promise<void> {
    for (const untilMs = this.nowMs + ms; this.nowMs < untilMs; ) {
      this.nowMs = Math.min(untilMs, this.nowMs + 3_000);
      for (const call of [...this.waiting]) await this.ask(call);
    }
  }

  async end(pick: number): Promise<void> {
    const underWay = this.begun.filter(({ isUnderWay }) => isUnderWay);
    const ending = underWay[pick % Math.max(1, underWay.length)];
    if (ending === undefined) return;
    ending.isUnderWay = false;
    ending.tokens = Math.min(ending.tokens, 5);
    await endAt(this.nowMs, ending.call, ending.tokens);
  }

  /** Its turn is gone after five seconds of silence, and those behind it go on. */
  async killOne(pick: number): Promise<void> {
    this.waiting.splice(pick % Math.max(1, this.waiting.length), 1);
    await this.pass(5_100);
  }
}

test('in no minute there is more than a limit says, nor more at once, and calls of a model begin in their order', async () => {
  await fc.assert(
    fc.asyncProperty(limit, limit, steps, async (all, each, schedule) => {
      await begin({ all, each });
      const asking = new Asking(all, each);
      const does = {
        ask: async ({ model, tokens }: { readonly model: string; readonly tokens: number }) => {
          const call = aCall(model, tokens);
          asking.waiting.push(call);
          await asking.ask(call);
        },
        'ask again': () => asking.pass(1),
        end: ({ pick }: { readonly pick: number }) => asking.end(pick),
        'be killed': ({ pick }: { readonly pick: number }) => asking.killOne(pick),
      };
      for (const step of schedule) {
        await asking.pass(step.afterMs);
        await does[step.does](step);
      }
    }),
    { numRuns: 20 },
  );
});

test('what a killed holder had comes back: its place after its silence, its line at once after five seconds', async () => {
  await begin({ each: { atOnce: 1 } });
  const nowMs = Date.parse('2030-01-01T00:00:00Z');
  const [killed, next, last] = [aCall('m'), aCall('m'), aCall('m')];
  expect(await turnAt(nowMs, killed)).toBe(true);
  expect(await turnAt(nowMs + 14_000, next)).toBe(false);
  expect(await turnAt(nowMs + 14_100, last)).toBe(false);
  // `next` is silent now, and stands before `last` until it counts as gone.
  expect(await turnAt(nowMs + 15_100, last)).toBe(false);
  expect(await turnAt(nowMs + 19_100, last)).toBe(true);
});

test('a call that is larger than all that a minute has begins when there is nothing else', async () => {
  await begin({ each: { tokensPerMinute: 100 } });
  const nowMs = Date.parse('2030-01-01T00:00:00Z');
  expect(await turnAt(nowMs, aCall('m', 10))).toBe(true);
  const large = aCall('m', 5_000);
  expect(await turnAt(nowMs + 1_000, large)).toBe(false);
  // A small one does not overtake it.
  expect(await turnAt(nowMs + 1_100, aCall('m', 1))).toBe(false);
  expect(await turnAt(nowMs + 4_000, large)).toBe(false);
  await owner.query(`update baton.model_call set lease_until = 'infinity' where begun_at is null`);
  expect(await turnAt(nowMs + 60_001, large)).toBe(true);
});

test('the offline model is limited only by its name', async () => {
  await begin({ all: { atOnce: 1 }, each: { atOnce: 1 } });
  const nowMs = Date.now();
  for (let n = 0; n < 3; n += 1) expect(await turnAt(nowMs, { ...aCall('offline'), isOffline: true })).toBe(true);
  await begin({ named: { offline: { atOnce: 1 } } });
  expect(await turnAt(nowMs, { ...aCall('offline'), isOffline: true })).toBe(true);
  expect(await turnAt(nowMs, { ...aCall('offline'), isOffline: true })).toBe(false);
});

test('many processes that ask at the same time have no more than one limit', async () => {
  await begin({ named: { m: { atOnce: 3, requestsPerMinute: 5 } } });
  const asked = (callId: string) =>
    modelTurn(worker, { callId, model: 'm', isOffline: false, commandId: 'c', tokens: 7 });
  const calls = Array.from({ length: 20 }, () => randomUUID());
  const turns = await Promise.all(calls.map(asked));
  const first = calls.filter((_, n) => turns[n]?.mayBegin === true);
  expect(first).toHaveLength(3);
  expect(await modelLoads(owner)).toMatchObject([{ model: 'm', underWay: 3, waiting: 17, mostRequests: 5 }]);
  for (const callId of first) await endModelCall(worker, callId, 1);
  // Those that began are told so again: their answer may have been lost. Of the others the first of the line begins each time.
  const begun = new Set<string>();
  for (let round = 0; round < 5; round += 1) {
    const again = await Promise.all(calls.map(asked));
    for (const [n, callId] of calls.entries()) if (again[n]?.mayBegin === true) begun.add(callId);
  }
  expect(begun.size).toBe(5);
  expect(await modelLoads(owner)).toMatchObject([{ requestsLastMinute: 5, tokensLastMinute: 3 + 2 * 7 }]);
});

test('without limits nothing is noted', async () => {
  await begin(undefined);
  const turn = await modelTurn(worker, {
    callId: randomUUID(),
    model: 'm',
    isOffline: false,
    commandId: 'c',
    tokens: 7,
  });
  expect(turn).toEqual({ isLimited: false, mayBegin: true, waitMs: 0 });
  expect((await owner.query('select from baton.model_call')).rowCount).toBe(0);
});
