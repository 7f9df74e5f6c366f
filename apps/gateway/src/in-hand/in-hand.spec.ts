import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ProblemError } from '../http/problem.js';
import { InHand, type InHandBounds, type Place } from './in-hand.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const BOUNDS: InHandBounds = { requests: 8, bytes: 1_000, atOnce: 2, waitMs: 5_000 };
const inHandOf = (bounds: Partial<InHandBounds> = {}) => new InHand({ ...BOUNDS, ...bounds }, () => performance.now());

/** What came of asking for a turn, as far as is known now. */
function asked(place: Place): { readonly is: () => 'waiting' | 'at work' | 'refused' } {
  let is: 'waiting' | 'at work' | 'refused' = 'waiting';
  place.turn().then(
    () => {
      is = 'at work';
    },
    () => {
      is = 'refused';
    },
  );
  return { is: () => is };
}

const settled = () => vi.advanceTimersByTimeAsync(0);

function refusal(attempt: () => unknown): ProblemError {
  try {
    attempt();
  } catch (thrown) {
    if (thrown instanceof ProblemError) return thrown;
  }
  throw new Error('it was let in');
}

test('what there is no room for is told at once when to come again, and there is room when something is answered', () => {
  const inHand = inHandOf();
  const places = [...'aaaabbbb'].map((who) => inHand.come(who, 1));
  const { status, code, headers } = refusal(() => inHand.come('c', 1));
  expect({ status, code, headers }).toEqual({
    status: 429,
    code: 'too-much-in-hand',
    headers: { 'retry-after': expect.stringMatching(/^([1-9]|[12]\d|30)$/) },
  });
  places[0]?.leave();
  places[0]?.leave();
  inHand.come('c', 1);
  refusal(() => inHand.come('d', 1));
});

test('the bytes of what is in hand have a bound, and one body is let in however large', () => {
  const inHand = inHandOf();
  inHand.come('a', 5_000).leave();
  inHand.come('a', 700);
  refusal(() => inHand.come('b', 301));
  inHand.come('b', 300);
});

test('one alone fills three quarters of the room, and there is room for another', () => {
  const inHand = inHandOf();
  for (let n = 0; n < 6; n += 1) inHand.come('a', 1);
  refusal(() => inHand.come('a', 1));
  inHand.come('b', 1);
});

test('so many are worked at at once, and whoever is answered lets the next one begin', async () => {
  const inHand = inHandOf();
  const places = [...'aaaa'].map((who) => inHand.come(who, 1));
  const turns = places.map(asked);
  await settled();
  expect(turns.map(({ is }) => is())).toEqual(['at work', 'at work', 'waiting', 'waiting']);
  places[1]?.leave();
  await settled();
  expect(turns.map(({ is }) => is())).toEqual(['at work', 'at work', 'at work', 'waiting']);
});

test('whose turn it is goes around among those who ask', async () => {
  const inHand = inHandOf({ atOnce: 1 });
  const first = inHand.come('a', 1);
  await first.turn();
  const order: string[] = [];
  for (const who of ['a', 'a', 'a', 'b', 'c']) {
    const place = inHand.come(who, 1);
    void place.turn().then(() => {
      order.push(who);
      place.leave();
    });
  }
  first.leave();
  await settled();
  expect(order.join('')).toBe('abcaa');
});

test('nobody waits in line for longer than the bound', async () => {
  const inHand = inHandOf({ atOnce: 1 });
  await inHand.come('a', 1).turn();
  const late = inHand.come('a', 1);
  const turn = asked(late);
  await vi.advanceTimersByTimeAsync(4_999);
  expect(turn.is()).toBe('waiting');
  await vi.advanceTimersByTimeAsync(1);
  expect(turn.is()).toBe('refused');
  late.leave();
  expect(inHand.requests).toBe(1);
});

test('a client that goes leaves its place, and what is worked at keeps it until it is done', async () => {
  const inHand = inHandOf({ atOnce: 1 });
  const [atWork, waiting, coming] = [...'aaa'].map((who) => inHand.come(who, 1));
  await atWork?.turn();
  void waiting?.turn();
  for (const place of [atWork, waiting, coming]) place?.gone();
  expect(inHand.requests).toBe(1);
  atWork?.leave();
  expect(inHand.requests).toBe(0);
});

test('the longer the work takes, the later it is worth to come again', async () => {
  const inHand = inHandOf({ requests: 4, atOnce: 1 });
  for (let n = 0; n < 100; n += 1) {
    const place = inHand.come('a', 1);
    await place.turn();
    await vi.advanceTimersByTimeAsync(3_000);
    place.leave();
  }
  for (const who of ['a', 'b', 'c', 'd']) inHand.come(who, 1);
  expect(refusal(() => inHand.come('e', 1)).headers).toEqual({ 'retry-after': '12' });
});

/** One that came, as far as the property below follows it. */
interface Known {
  readonly place: Place;
  readonly turn: ReturnType<typeof asked>;
  isOver: boolean;
}

function comeTo(inHand: InHand, who: string): readonly Known[] {
  try {
    const place = inHand.come(who, 50);
    return [{ place, turn: asked(place), isOver: false }];
  } catch {
    expect(inHand.requests).toBeGreaterThan(0);
    return [];
  }
}

function end(known: Known, how: 'leave' | 'gone'): void {
  known.isOver ||= how === 'leave' || known.turn.is() !== 'at work';
  known.place[how]();
}

function expectBounds(inHand: InHand, known: readonly Known[]): void {
  const open = known.filter(({ isOver }) => !isOver);
  const atWork = open.filter(({ turn }) => turn.is() === 'at work').length;
  expect(inHand.requests).toBe(open.length);
  expect(inHand.requests).toBeLessThanOrEqual(BOUNDS.requests);
  expect(atWork).toBeLessThanOrEqual(BOUNDS.atOnce);
  // Nobody waits while there is a turn to be had.
  if (open.some(({ turn }) => turn.is() === 'waiting')) expect(atWork).toBe(BOUNDS.atOnce);
}

test('whatever comes and goes, no more is in hand and at work than may be, and nothing stays behind', async () => {
  const steps = fc.array(
    fc.record({ what: fc.constantFrom('come', 'leave', 'gone', 'wait'), who: fc.nat(3), at: fc.nat(20) }),
    { maxLength: 120 },
  );
  await fc.assert(
    fc.asyncProperty(steps, async (todo) => {
      const inHand = inHandOf();
      const known: Known[] = [];
      for (const { what, who, at } of todo) {
        const each = known[at % Math.max(1, known.length)];
        if (what === 'come') known.push(...comeTo(inHand, String(who)));
        else if (what === 'wait') await vi.advanceTimersByTimeAsync(at * 300);
        else if (each !== undefined) end(each, what);
        await settled();
        expectBounds(inHand, known);
      }
      for (const { place } of known) place.leave();
      expect(inHand.requests).toBe(0);
    }),
  );
});
