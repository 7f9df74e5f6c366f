import { commandIdOf, onRung, urgencyOf } from '@baton/contracts';
import type { NewCommand } from '@baton/event-store';
import type { RunState } from '@baton/workflow';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rungFor, WITHIN_SHARE } from './rung-for.js';
import { Shares, type Sharing } from './shares.js';

let runs = 0;
/** A run of somebody that issues so many tasks, and settles some. */
function advance(
  who: string,
  tasks: number,
  given: Partial<NewCommand> = {},
  consume: readonly string[] = [],
): Sharing {
  runs += 1;
  const runId = `00000000-0000-4000-8000-${String(runs).padStart(12, '0')}`;
  const commands = Array.from({ length: tasks }, (_, n) => ({
    ...{ commandId: commandIdOf(runId, n), queue: 'worker-a', name: 'task', message: {}, priority: 2 },
    ...{ notBefore: null, deadline: null, heartbeatSeconds: null, ...given },
  }));
  const state = { status: 'running', submittedBy: { type: 'user', id: who } } as unknown as RunState;
  const item = { runId, expectedVersion: 0, events: [], consume, requests: [], ended: false, parentCommand: null };
  return { state, item: { ...item, commands } };
}

const EPOCH_MS = Date.parse('2026-01-01T00:00:00Z');
const instant = (ms: number): string => new Date(EPOCH_MS + ms).toISOString();

const given = (knowsRungs?: (queue: string) => boolean) => {
  let nowMs = 0;
  const shares = new Shares({ monotonicMs: () => nowMs, nowMs: () => EPOCH_MS + nowMs }, knowsRungs);
  const write = (...batch: readonly Sharing[]): readonly number[] => {
    const items = shares.onRungs(batch);
    shares.written(batch);
    return items.flatMap(({ commands }) => commands.map(({ priority }) => priority));
  };
  const pass = (ms: number): void => {
    nowMs += ms;
  };
  /** A round of the sweep that finds these outstanding. */
  const sweep = (open: readonly string[], olderThanMs = 2_000): void => {
    for (const commandId of open) shares.seeOpen(commandId);
    shares.forgetUnseen(olderThanMs);
  };
  return { shares, write, pass, sweep };
};

const idsOf = ({ item }: Sharing): readonly string[] => item.commands.map(({ commandId }) => commandId);

test('what somebody has out beyond their share goes on higher rungs, within a batch and from one to the next', () => {
  const { write } = given();
  const [first, second] = [advance('ada', WITHIN_SHARE - 1), advance('ada', 3)];
  expect(write(first, second).slice(-3)).toEqual([2, onRung(2, 1), onRung(2, 1)]);
  expect(write(advance('ada', 1))).toEqual([onRung(2, 1)]);
});

test('nobody else stands behind for it, and nobody at another kind of worker', () => {
  const { write } = given();
  write(advance('ada', 5_000));
  expect(write(advance('bo', 1))).toEqual([2]);
  expect(write(advance('ada', 1, { queue: 'worker-b' }))).toEqual([2]);
  expect(write(advance('ada', 1))).toEqual([onRung(2, 3)]);
});

test('a batch in which all stand in front is written as it is', () => {
  const { shares } = given();
  const batch = [advance('ada', 3), advance('bo', 0)];
  expect(shares.onRungs(batch)).toEqual(batch.map(({ item }) => item));
  expect(shares.onRungs(batch).every((item, n) => item === batch[n]?.item)).toBe(true);
});

test('what was refused counts for nothing', () => {
  const { shares, write } = given();
  for (let n = 0; n < 5; n += 1) shares.onRungs([advance('ada', 1_000)]);
  expect(write(advance('ada', 1))).toEqual([2]);
});

test('timers and what else goes to no worker counts for nothing', () => {
  const { write } = given();
  expect(write(advance('ada', 100, { queue: null }), advance('ada', 1)).at(-1)).toBe(2);
});

test('what was settled by another hub is forgotten once it is known not to be open', () => {
  const { write, pass, sweep } = given();
  const old = advance('ada', 100);
  write(old);
  pass(1_000);
  sweep([]);
  expect(write(advance('ada', 1))).not.toEqual([2]);
  pass(1_500);
  sweep(idsOf(old));
  expect(write(advance('ada', 1))).not.toEqual([2]);
  sweep(idsOf(old).slice(0, 5));
  expect(write(advance('ada', 1))).toEqual([2]);
});

test('a task that is not due yet is out, although no sweep sees it, and one that was issued after it is forgotten all the same', () => {
  const { write, pass, sweep } = given();
  write(advance('ada', 100, { notBefore: instant(60_000) }), advance('bo', 100));
  pass(50_000);
  sweep([]);
  expect(write(advance('ada', 1), advance('bo', 1))).toEqual([onRung(2, 1), 2]);
  pass(13_000);
  sweep([]);
  expect(write(advance('ada', 1))).toEqual([2]);
});

test('while a kind has workers that look at no rungs all is written as it was given, and counted', () => {
  let old: readonly string[] = ['worker-a'];
  const { write } = given((queue) => !old.includes(queue));
  expect(new Set(write(advance('ada', 5_000)))).toEqual(new Set([2]));
  expect(write(advance('ada', 40, { queue: 'worker-b' })).at(-1)).toBe(onRung(2, 1));
  old = [];
  expect(write(advance('ada', 1))).toEqual([onRung(2, 3)]);
});

test('what goes to no queue any more, since a token answers it, is out no more', () => {
  const { write } = given();
  const tasks = advance('ada', 100);
  write(tasks);
  const moved = tasks.item.commands.map((command) => ({ ...command, queue: null, isMoved: true as const }));
  write({ ...tasks, item: { ...tasks.item, commands: moved } });
  expect(write(advance('ada', 1))).toEqual([2]);
});

test('whatever is issued and settled in whatever order, the rung follows from what is out, and the urgency stays', () => {
  const people = fc.constantFrom('ada', 'bo');
  const turns = fc.array(
    fc.record({
      who: people,
      tasks: fc.integer({ min: 0, max: 60 }),
      priority: fc.integer({ min: 0, max: 3 }),
      settled: fc.nat(80),
      settledAtOnce: fc.nat(60),
    }),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(turns, (all) => {
      const { write } = given();
      const open = new Map<string, string[]>();
      for (const { who, tasks, priority, settled, settledAtOnce } of all) {
        const theirs = open.get(who) ?? [];
        const before = theirs.length;
        const answered = theirs.splice(0, settled);
        const issued = advance(who, tasks, { priority }, answered);
        // What an item issues and settles never becomes a row.
        const atOnce = idsOf(issued).slice(0, settledAtOnce);
        const turn = { ...issued, item: { ...issued.item, consume: [...answered, ...atOnce] } };
        const written = write(turn).slice(atOnce.length);
        expect(written).toEqual(written.map((_, n) => onRung(priority, rungFor(before + n))));
        expect(written.every((one) => urgencyOf(one) === priority)).toBe(true);
        open.set(who, [...theirs, ...idsOf(turn).slice(atOnce.length)]);
      }
    }),
  );
});
