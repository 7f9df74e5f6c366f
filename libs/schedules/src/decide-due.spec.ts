import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type DueNow, decideDue } from './decide-due.js';
import { delayOf } from './delay-of.js';
import { dueNow } from './due-now.js';
import { startOf } from './start-of.js';

const NOW = Date.parse('2026-06-01T12:00:00Z');
const ago = (...seconds: readonly number[]): readonly number[] => seconds.map((each) => NOW - each * 1_000);
type Facts = Partial<Omit<DueNow, 'catchUp' | 'dues'>> & {
  readonly catchUp?: Partial<DueNow['catchUp']>;
  readonly dues?: readonly number[];
  readonly delayMs?: number;
};
const given = ({ dues = ago(1), delayMs = 0, ...facts }: Facts): DueNow => ({
  nowMs: NOW,
  dues: dues.map((dueMs) => ({ dueMs, startMs: dueMs + delayMs })),
  hasMore: false,
  overlap: 'skip',
  isBusy: false,
  queuedMs: null,
  ...facts,
  catchUp: { policy: 'last', most: 10, withinSeconds: 86_400, ...facts.catchUp },
});
/** `started@5` for what was due five seconds ago; `missed@9..3x2` for several. */
const said = (facts: Facts): readonly string[] =>
  decideDue(given(facts)).decided.map(({ dueMs, untilMs, count, outcome }) => {
    const at = (ms: number): number => (NOW - ms) / 1_000;
    return count === 1 ? `${outcome}@${at(dueMs)}` : `${outcome}@${at(dueMs)}..${at(untilMs)}x${count}`;
  });

test('what is due is started', () => {
  expect(said({})).toEqual(['started@1']);
  expect(said({ catchUp: { policy: 'skip' } })).toEqual(['started@1']);
});

test('what was missed is started as the policy says', () => {
  const dues = ago(10_800, 7_200, 3_600);
  expect(said({ dues, catchUp: { policy: 'skip' } })).toEqual(['missed@10800..3600x3']);
  expect(said({ dues })).toEqual(['missed@10800..7200x2', 'started@3600']);
  expect(said({ dues, overlap: 'allow', catchUp: { policy: 'all' } })).toEqual([
    'started@10800',
    'started@7200',
    'started@3600',
  ]);
  expect(said({ dues, overlap: 'allow', catchUp: { policy: 'all', most: 2 } })).toEqual([
    'missed@10800',
    'started@7200',
    'started@3600',
  ]);
});

test('what is older than the policy covers is not started', () => {
  const dues = ago(10_800, 7_200);
  expect(said({ dues, catchUp: { withinSeconds: 3_600 } })).toEqual(['missed@10800..7200x2']);
  expect(said({ dues, overlap: 'allow', catchUp: { policy: 'all', withinSeconds: 9_000 } })).toEqual([
    'missed@10800',
    'started@7200',
  ]);
});

test('while the last run is under way the next one is skipped, waits, or runs beside it', () => {
  expect(said({ isBusy: true })).toEqual(['overlapped@1']);
  expect(said({ isBusy: true, overlap: 'allow' })).toEqual(['started@1']);
  expect(said({ isBusy: true, overlap: 'queue' })).toEqual(['queued@1']);
  expect(said({ isBusy: true, overlap: 'queue', queuedMs: NOW - 60_000 })).toEqual(['overlapped@1']);
});

test('the one that waits starts when the last run has ended, before what is due then', () => {
  expect(said({ dues: [], overlap: 'queue', queuedMs: NOW - 60_000 })).toEqual(['started@60']);
  expect(said({ overlap: 'queue', queuedMs: NOW - 60_000 })).toEqual(['started@60', 'queued@1']);
});

test('what is caught up with goes by the policy about overlaps, too', () => {
  const dues = ago(10_800, 7_200, 3_600);
  expect(said({ dues, catchUp: { policy: 'all' } })).toEqual(['started@10800', 'overlapped@7200', 'overlapped@3600']);
  expect(said({ dues, overlap: 'queue', catchUp: { policy: 'all' } })).toEqual([
    'started@10800',
    'queued@7200',
    'overlapped@3600',
  ]);
});

test('decided in parts or at once, the same ones are started', () => {
  const policies = fc.record({
    policy: fc.constantFrom('skip' as const, 'last' as const, 'all' as const),
    most: fc.integer({ min: 1, max: 5 }),
    withinSeconds: fc.integer({ min: 60, max: 5_000 }),
  });
  const started = (dues: readonly number[], catchUp: DueNow['catchUp'], most: number): readonly number[] => {
    const found: number[] = [];
    let afterMs = 0;
    for (;;) {
      const open = dues.filter((due) => due > afterMs);
      const facts = { dues: open.slice(0, most), hasMore: open.length > most, overlap: 'allow' as const };
      const of = decideDue(given({ ...facts, catchUp }));
      found.push(...of.decided.filter(({ outcome }) => outcome === 'started').map(({ dueMs }) => dueMs));
      if (of.upToMs === null) return found;
      afterMs = of.upToMs;
    }
  };
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({ min: 0, max: 10_000 }), { maxLength: 40 }),
      policies,
      (seconds, catchUp) => {
        const dues = [...ago(...seconds)].sort((a, b) => a - b);
        expect(started(dues, catchUp, 6)).toEqual(started(dues, catchUp, 1_000));
      },
    ),
  );
});

test('each due time is decided once, and in order', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({ min: 0, max: 9_000 })),
      fc.constantFrom('skip', 'last', 'all'),
      fc.boolean(),
      (seconds, policy, isBusy) => {
        const dues = [...ago(...seconds)].sort((a, b) => a - b);
        const { decided, upToMs } = decideDue(given({ dues, isBusy, catchUp: { policy } }));
        expect(decided.reduce((sum, { count }) => sum + count, 0)).toBe(dues.length);
        expect(upToMs).toBe(dues.at(-1) ?? null);
        expect(decided.map(({ dueMs }) => dueMs)).toEqual([...decided.map(({ dueMs }) => dueMs)].sort((a, b) => a - b));
      },
    ),
  );
});

test('a start is later by its jitter, the same on each hub, and what is due is not due before', () => {
  const spread = { scheduleId: 'a', jitterSeconds: 600 };
  const delays = ago(1, 2, 3, 4, 5, 6).map((due) => delayOf('a', due, 600));
  expect(new Set(delays).size).toBeGreaterThan(1);
  expect(delays.every((delay) => delay >= 0 && delay <= 600_000)).toBe(true);
  const due = NOW;
  const table = { nextAfter: (after: number) => (after < due ? due : null) };
  const at = due + delayOf('a', due, 600);
  const look = (nowMs: number) => dueNow(table, { afterMs: 0, nowMs, most: 5, spread }).dues.map(({ dueMs }) => dueMs);
  expect([look(at - 1), look(at)]).toEqual([[], [due]]);
});

test('how late one is counts from its start, and not from its due time', () => {
  const dues = ago(310);
  expect(said({ dues, delayMs: 300_000, catchUp: { policy: 'skip' } })).toEqual(['started@310']);
  expect(said({ dues, catchUp: { policy: 'skip' } })).toEqual(['missed@310']);
  expect(said({ dues, delayMs: 300_000, catchUp: { withinSeconds: 60 } })).toEqual(['started@310']);
  expect(said({ dues, delayMs: 240_000, catchUp: { policy: 'skip' } })).toEqual(['missed@310']);
});

test('where a hub looks each second, every due time is started at its own start, whatever the jitter and the policy', () => {
  const spreads = fc.record({
    scheduleId: fc.uuid(),
    everySeconds: fc.integer({ min: 10, max: 90 }),
    jitterSeconds: fc.integer({ min: 0, max: 300 }),
    policy: fc.constantFrom('skip' as const, 'last' as const, 'all' as const),
  });
  fc.assert(
    fc.property(spreads, ({ policy, everySeconds, ...spread }) => {
      const everyMs = everySeconds * 1_000;
      const table = { nextAfter: (after: number) => (Math.floor((after - NOW) / everyMs) + 1) * everyMs + NOW };
      const started: number[] = [];
      let afterMs = NOW;
      for (let nowMs = NOW; nowMs <= NOW + 5 * everyMs; nowMs += 1_000) {
        const due = dueNow(table, { afterMs, nowMs, most: 5, spread });
        const catchUp = { policy, most: 1 };
        const { decided, upToMs } = decideDue({ ...given({ nowMs, overlap: 'allow', catchUp }), ...due });
        afterMs = upToMs ?? afterMs;
        for (const { dueMs, outcome } of decided) {
          expect(outcome).toBe('started');
          expect(nowMs - startOf(table, dueMs, spread)).toBe(0);
          expect(nowMs - dueMs).toBeLessThanOrEqual(spread.jitterSeconds * 1_000);
          started.push(dueMs);
        }
      }
      expect(started.length).toBeGreaterThanOrEqual(4);
      expect(started).toEqual(started.map((_, n) => NOW + (n + 1) * everyMs));
    }),
    { numRuns: 50 },
  );
});

test('two starts that are seen in one look are both started where they are as close as jitter can make them', () => {
  const [first = 0, second = 0] = ago(300, 60);
  const close = [
    { dueMs: first, startMs: NOW - 1_500 },
    { dueMs: second, startMs: NOW - 500 },
  ];
  for (const policy of ['skip', 'last'] as const) {
    const { decided } = decideDue({ ...given({ overlap: 'allow', catchUp: { policy } }), dues: close });
    expect(decided.map(({ outcome }) => outcome)).toEqual(['started', 'started']);
  }
});
