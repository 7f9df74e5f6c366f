import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type JsonObject, parseDefinition } from './index.js';

const warningsOf = (States: JsonObject, over: JsonObject = {}): readonly string[] =>
  parseDefinition({ QueryLanguage: 'JSONata', StartAt: 'A', States, ...over }).findings.map(
    ({ code, pointer }) => `${code} ${pointer}`,
  );

const leave = { Type: 'Choice', Choices: [{ Condition: '{% $n > 3 %}', Next: 'End' }], Default: 'A' };
const end = { End: { Type: 'Succeed' } };

test('a loop that counts and can be left is good', () => {
  expect(warningsOf({ A: { Type: 'Pass', Assign: { n: '{% $n + 1 %}' }, Next: 'C' }, C: leave, ...end })).toEqual([]);
});

test('a loop that counts in its data is good', () => {
  const A = { Type: 'Pass', Parameters: { 'n.$': 'States.MathAdd($.n, 1)' }, Next: 'C' };
  const C = { Type: 'Choice', Choices: [{ Variable: '$.n', NumericGreaterThan: 3, Next: 'End' }], Default: 'A' };
  expect(warningsOf({ A, C, ...end }, { QueryLanguage: 'JSONPath' })).toEqual([]);
});

test('a loop that does not count is a warning', () => {
  expect(warningsOf({ A: { Type: 'Pass', Assign: { n: '{% $nn %}', nn: 1 }, Next: 'C' }, C: leave, ...end })).toEqual([
    'unbounded-loop /States/A',
  ]);
});

test('a catcher that leads back is a loop as well, inside a branch too', () => {
  const A = {
    Type: 'Task',
    Resource: 'baton:worker:x',
    Catch: [{ ErrorEquals: ['States.ALL'], Next: 'A' }],
    End: true,
  };
  expect(warningsOf({ A })).toEqual(['unbounded-loop /States/A']);
  const P = { Type: 'Parallel', Branches: [{ StartAt: 'A', States: { A } }], End: true };
  expect(warningsOf({ P }, { StartAt: 'P' })).toEqual(['unbounded-loop /States/P/Branches/0/States/A']);
});

test('a loop between two loops is one warning', () => {
  const choice = (Next: string, Default: string) => ({ Type: 'Choice', Choices: [{ Condition: true, Next }], Default });
  expect(warningsOf({ A: choice('B', 'End'), B: choice('A', 'B'), ...end })).toEqual(['unbounded-loop /States/A']);
});

/** Choices in a row, each of which leads on, to the end, and to some of the others. */
const row = (targets: readonly (readonly number[])[]): JsonObject => ({
  ...Object.fromEntries(
    targets.map((others, index) => [
      `S${index}`,
      {
        Type: 'Choice',
        Choices: ['End', ...others.map((other) => `S${other}`)].map((Next) => ({ Condition: true, Next })),
        Default: index === targets.length - 1 ? 'End' : `S${index + 1}`,
      },
    ]),
  ),
  ...end,
});

test('every group of states that reach each other is one warning, at its first', () => {
  const graph = fc
    .integer({ min: 1, max: 12 })
    .chain((length) =>
      fc.array(fc.array(fc.nat(length - 1), { maxLength: 2 }), { minLength: length, maxLength: length }),
    );
  fc.assert(
    fc.property(graph, (targets) => {
      const reached = targets.map((_, from) => {
        const seen = new Set<number>();
        const waiting = [from];
        for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
          for (const next of [...(targets[at] ?? []), at + 1]) {
            if (next >= targets.length || seen.has(next)) continue;
            seen.add(next);
            waiting.push(next);
          }
        }
        return seen;
      });
      const firsts = targets.flatMap((_, at) => {
        const isLoop = reached[at]?.has(at) === true;
        const isFirst = !targets.slice(0, at).some((_, other) => reached[at]?.has(other) && reached[other]?.has(at));
        return isLoop && isFirst ? [`unbounded-loop /States/S${at}`] : [];
      });
      expect(warningsOf(row(targets), { StartAt: 'S0' })).toEqual(firsts);
    }),
  );
});
