import type { InLine } from '@baton/event-store';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { letIn } from './let-in.js';

/** A submitter's runs, each before the caps of its submitter, of its workflow and of all. */
const MOST = { 'all runs': 7, 'submitter a': 3, 'submitter b': 5, 'workflow x': 2 } as const;
const capsOf = (submitter: string, workflow: string): ReadonlyMap<string, number> =>
  new Map(
    Object.entries(MOST).filter(([cap]) =>
      ['all runs', `submitter ${submitter}`, `workflow ${workflow}`].includes(cap),
    ),
  );

const waiting = fc
  .array(
    fc.record({
      submitter: fc.constantFrom('a', 'b', 'c'),
      workflow: fc.constantFrom('x', 'y'),
      priority: fc.integer({ min: 0, max: 3 }),
    }),
    { maxLength: 40 },
  )
  .map((all): readonly InLine[] =>
    all
      .map(({ submitter, workflow, priority }, n) => ({
        ...{ requestId: `r${n}`, line: `${submitter} ${workflow}`, submitter, priority, since: n },
        caps: capsOf(submitter, workflow),
      }))
      .sort((one, other) => one.priority - other.priority || one.since - other.since),
  );
const taken = fc.record({
  'all runs': fc.nat(7),
  'submitter a': fc.nat(3),
  'submitter b': fc.nat(5),
  'workflow x': fc.nat(2),
});

const viewOf = (heads: readonly InLine[], counts: Readonly<Record<string, number>> = {}) => ({
  heads,
  taken: new Map(Object.entries(counts)),
  underWay: new Map([
    ['a', counts['submitter a'] ?? 0],
    ['b', counts['submitter b'] ?? 0],
  ]),
});

test('no cap is passed, and nobody waits before caps that all have room', () => {
  fc.assert(
    fc.property(waiting, taken, fc.nat(4), (heads, counts, inHandCount) => {
      const inHand = heads.slice(0, inHandCount);
      const others = heads.slice(inHandCount);
      const chosen = letIn(viewOf(others, counts), inHand, 100);
      const all = [...inHand, ...chosen];
      const count = (cap: string): number =>
        (counts[cap as keyof typeof counts] ?? 0) + all.filter(({ caps }) => caps.has(cap)).length;
      for (const one of chosen) {
        for (const [cap, most] of one.caps) expect(count(cap)).toBeLessThanOrEqual(most);
      }
      for (const left of others.filter((one) => !chosen.includes(one))) {
        expect([...left.caps].some(([cap, most]) => count(cap) >= most)).toBe(true);
      }
    }),
  );
});

test('those of one line begin in the order of their urgency and then of their age', () => {
  fc.assert(
    fc.property(waiting, fc.nat(10), (heads, most) => {
      const chosen = letIn(viewOf(heads), [], most);
      for (const [line, ofLine] of Map.groupBy(chosen, (one) => one.line)) {
        expect(ofLine).toEqual(heads.filter((one) => one.line === line).slice(0, ofLine.length));
      }
    }),
  );
});

const inLine = (submitter: string, n: number, priority = 2): InLine => ({
  ...{ requestId: `${submitter}${n}`, line: submitter, submitter, priority, since: n },
  caps: new Map([['all runs', 4]]),
});

test('whoever has the fewest runs under way is next, however much others wait for and however urgent they call it', () => {
  const ofMany = Array.from({ length: 50 }, (_, n) => inLine('many', n, 0));
  const chosen = letIn(viewOf([...ofMany, inLine('one', 1_000), inLine('two', 1_001)]), [], 4);
  expect(chosen.map(({ requestId }) => requestId)).toEqual(['many0', 'one1000', 'two1001', 'many1']);
});
