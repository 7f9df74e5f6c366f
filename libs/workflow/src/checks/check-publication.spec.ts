import type { JsonObject } from '@baton/contracts';
import { expect, test } from 'vitest';
import { documentOf, task } from '../testing/scenario.js';
import { checkPublication } from './check-publication.js';

const Retry = [{ ErrorEquals: ['States.ALL'], MaxAttempts: 1 }];
const found = (States: JsonObject, around: JsonObject = {}): readonly string[] =>
  checkPublication(documentOf(States, around)).map(({ severity, code, pointer }) => `${severity} ${code} ${pointer}`);

test('a task that a passing failure ends is a warning, wherever it stands', () => {
  const inner = { StartAt: 'B', States: { B: task() } };
  expect(
    found({
      A: task({ Next: 'P' }),
      P: { Type: 'Parallel', Branches: [inner], Next: 'C' },
      C: task({ Retry, Next: 'D' }),
      D: task({ Resource: 'baton:workflow:other', Catch: [{ ErrorEquals: ['States.ALL'], Next: 'E' }], Next: 'E' }),
      E: task({ Resource: 'baton:approval', Arguments: { title: 'Go?' }, Next: 'F' }),
      F: task({ Resource: 'baton:signal:go', Next: 'G' }),
      G: task({ Resource: 'baton:workflow:other' }),
    }),
  ).toEqual([
    'warning unguarded-task /definition/States/A',
    'warning unguarded-task /definition/States/P/Branches/0/States/B',
    'warning unguarded-task /definition/States/G',
  ]);
});

/** Parallels within one another. */
const nested = (depth: number): JsonObject =>
  depth === 0
    ? task({ Retry })
    : {
        Type: 'Parallel',
        Branches: [{ StartAt: `S${depth - 1}`, States: { [`S${depth - 1}`]: nested(depth - 1) } }],
        End: true,
      };

test('branches within branches are a warning from the fifth level on', () => {
  expect(found({ Top: nested(4) })).toEqual([]);
  expect(found({ Top: nested(5) })).toEqual([expect.stringMatching(/^warning deep-branching .*States\/S1$/)]);
});

/** Choices one behind the other. */
const chain = (length: number): JsonObject => ({
  ...Object.fromEntries(
    Array.from({ length }, (_, index) => [
      `C${index}`,
      {
        Type: 'Choice',
        Choices: [{ Condition: true, Next: index + 1 < length ? `C${index + 1}` : 'End' }],
        Default: 'End',
      },
    ]),
  ),
  End: { Type: 'Succeed' },
});

test('choices that lead straight to choices are a warning from the fifth on, once for each chain', () => {
  expect(found(chain(4))).toEqual([]);
  expect(found(chain(5))).toEqual(['warning deep-branching /definition/States/C0']);
  expect(found(chain(9))).toHaveLength(1);
});

test('a recovery by another template is a warning where no step has one', () => {
  const recovery = { strategies: ['same', 'alternate_template'] };
  const States = { A: task({ Retry }) };
  expect(found(States, { decisions: { recovery } })).toEqual(['warning unknown-name /decisions/recovery/strategies/1']);
  const steps = { A: { number: 1, title: 'A', template: 'one', alternateTemplate: 'two' } };
  expect(found(States, { decisions: { recovery }, steps })).toEqual([]);
});

test('of very many of a kind the first are named and the rest counted', () => {
  const States = Object.fromEntries(
    Array.from({ length: 70 }, (_, index) => [`S${index}`, task(index < 69 ? { Next: `S${index + 1}` } : {})]),
  );
  const warnings = checkPublication(documentOf(States));
  expect(warnings).toHaveLength(51);
  expect(warnings.at(-1)?.message).toBe('and 20 more of the same kind');
});

test('a policy that can be met unless one of its approvers submits is a warning', () => {
  const ask = (policy: JsonObject): JsonObject => ({
    Ask: task({ Resource: 'baton:approval', Arguments: { title: 'Go?', policy } }),
  });
  const [both] = checkPublication(
    documentOf(ask({ approvers: ['zoe', 'user:tom'], count: 2, excludeSubmitter: true }), {}),
  );
  expect(both).toMatchObject({
    ...{ severity: 'warning', code: 'schema' },
    pointer: '/definition/States/Ask/Arguments/policy/excludeSubmitter',
    message: expect.stringContaining('where one of the approvers submits the run, too few are left'),
  });
  expect(found(ask({ approvers: ['zoe'], excludeSubmitter: true }))).toHaveLength(1);
  expect(found(ask({ approvers: ['zoe', 'tom', 'ann'], count: 2, excludeSubmitter: true }))).toEqual([]);
  expect(found(ask({ approvers: ['role:approver'], count: 2, excludeSubmitter: true }))).toEqual([]);
});
