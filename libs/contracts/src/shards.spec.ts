import fc from 'fast-check';
import { expect, test } from 'vitest';
import { childRunIdOf, commandIdOf, RunId, runIdBeside, runIdHere, runIdOfRequest } from './ids.js';
import { ONLY_SHARD, placed, Shard, SLOTS, shardOf, shardOfSlot, slotOf, slotWithin } from './shards.js';

/** As a Baton before there were shards made them of `order-7`: a run, its first child, and a fork. */
const AS_BEFORE = [
  'eb3bc224-2f08-5f7d-942f-c632c81de89c',
  'f1e951b2-24dd-57bc-9093-e221396a45ef',
  '4f9b04b2-dcd8-568e-8a42-357f35929397',
];

const shards = fc.integer({ min: 2, max: SLOTS });

test('in one log ids are what they always were', () => {
  const run = runIdOfRequest('order-7');
  const child = childRunIdOf(commandIdOf(run, 1));
  expect([run, child, runIdBeside('fork', child)]).toEqual(AS_BEFORE);
});

test('an id says its slot, and is one like any other', () => {
  fc.assert(
    fc.property(fc.uuid(), fc.nat({ max: SLOTS - 1 }), (id, slot) => {
      const made = placed(id, slot);
      expect(RunId.parse(made)).toBe(made);
      expect(slotOf(made)).toBe(slot);
      expect(slotOf(made.toUpperCase())).toBe(slot);
    }),
  );
});

test('the same request is the same run in the same shard, and children and forks of it are with it, however deep', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme' }),
      shards,
      fc.array(fc.integer({ min: 1, max: 9_999 })),
      (request, of, way) => {
        const root = runIdOfRequest(request, of);
        expect(runIdOfRequest(request, of)).toBe(root);
        // However many shards there are: the id need not change where they are divided.
        expect(runIdOfRequest(request, 2)).toBe(root);
        const where = shardOf(root, of);
        expect(where).not.toBeNull();
        let run = root;
        for (const ordinal of way) {
          const child = childRunIdOf(commandIdOf(run, ordinal));
          expect(child).not.toBe(run);
          expect(shardOf(child, of)).toBe(where);
          expect(shardOf(runIdBeside(`fork ${ordinal}`, child), of)).toBe(where);
          run = child;
        }
      },
    ),
  );
});

test('every slot is in one shard, and of twice as many shards each has half of one of those before', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: SLOTS / 2 }), fc.nat({ max: SLOTS - 1 }), (of, slot) => {
      const where = shardOfSlot(slot, of);
      expect(where).toBeGreaterThanOrEqual(0);
      expect(where).toBeLessThan(of);
      expect(Math.floor(shardOfSlot(slot, of * 2) / 2)).toBe(where);
    }),
  );
  for (const of of [2, 3, 1_000]) {
    const sizes = Map.groupBy(
      Array.from({ length: SLOTS }, (_, slot) => slot),
      (slot) => shardOfSlot(slot, of),
    );
    expect(sizes.size).toBe(of);
    for (const slots of sizes.values()) expect(Math.abs(slots.length - SLOTS / of)).toBeLessThan(1);
  }
});

test('what a log starts itself is in that log, the same each time; where there is one, as any other request', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), shards, fc.nat(), (request, of, some) => {
      const shard = { number: some % of, of };
      const run = runIdHere(request, shard);
      expect(RunId.parse(run)).toBe(run);
      expect(runIdHere(request, shard)).toBe(run);
      expect(shardOf(run, of)).toBe(shard.number);
      expect(runIdHere(request, ONLY_SHARD)).toBe(runIdOfRequest(request));
    }),
  );
  for (const of of [2, 3, 1_000]) {
    const slots = Array.from({ length: SLOTS }, (_, slot) => slot);
    for (const number of [0, 1, of - 1]) {
      const own = slots.filter((slot) => shardOfSlot(slot, of) === number);
      expect([...new Set(slots.map((chance) => slotWithin({ number, of }, chance)))].toSorted((a, b) => a - b)).toEqual(
        own,
      );
    }
  }
});

test('requests fall on shards by chance', () => {
  const counts = [0, 0, 0, 0];
  for (let n = 0; n < 4_000; n += 1) {
    const where = shardOf(runIdOfRequest(`order ${n}`, 4), 4) ?? -1;
    counts[where] = (counts[where] ?? 0) + 1;
  }
  for (const count of counts) expect(count).toBeGreaterThan(800);
});

test('an id that says no slot is in no shard of several, and in the only one there is', () => {
  const ofUser = '0b8f3c0e-6d52-8f0c-9f2a-7b1f6a2f5d11';
  expect(slotOf(ofUser)).toBeNull();
  expect(shardOf(ofUser, 2)).toBeNull();
  expect(shardOf(ofUser, 1)).toBe(0);
  expect(slotOf(childRunIdOf(commandIdOf(ofUser, 1)))).toBeNull();
});

test.each([[{ number: 2, of: 2 }], [{ number: -1, of: 2 }], [{ number: 0, of: 0 }], [{ number: 0, of: SLOTS + 1 }]])(
  '%j is no shard',
  (shard) => {
    expect(Shard.safeParse(shard).success).toBe(false);
  },
);
