import { describe, expect, test } from 'vitest';
import { overruled, recorded, recordOf } from '../testing/recorded.js';
import { factsOf, lowDimensions } from './facts-of.js';
import { heardAt } from './heard.js';

describe('the facts of a decision', () => {
  test('are the same for the same sentence with other figures', () => {
    const reasons = ['alignment fell by 1.5', 'the scores gained 0.1 in all since the round before', 'approve 3 files'];
    expect(factsOf(recordOf({ reasons, classification: 'complex', round: 4 }))).toEqual([
      'point: choice',
      'state: Good',
      'class: complex',
      'unusual: a score fell',
      'convergence: the round gained next to nothing',
      'reason: approve # files',
      'round: 3 or later',
      'errors: 0',
    ]);
  });

  test('are those of scores, tools and errors', () => {
    const facts = {
      ...{ errorCount: 3, thresholds: { alignment: 9, style: 5 }, maxRounds: 5, failingTools: ['tests'] },
      standstill: 'the tools found the same',
    };
    const found = factsOf(recordOf({ scores: { alignment: 8, style: 5 }, facts, reasons: ['3 errors so far'] }));
    expect(found).toEqual(
      expect.arrayContaining([
        'score: alignment is below its threshold',
        'tool: tests failed',
        'errors: 3 or more',
        'another round would not help',
      ]),
    );
    expect(found.filter((fact) => fact.startsWith('reason: '))).toEqual([]);
  });

  test('name what a task failed with, whoever decided', () => {
    const failed = { point: { kind: 'task-failed' as const, state: 'Work' } };
    const rule = 'the task of Work failed with States.Timeout after 2 attempts, and nothing catches it: the run fails';
    expect(factsOf(recordOf({ ...failed, rationale: rule }))).toContain('error: States.Timeout');
    const conflictReason = `the rule says fail (${rule}), the advice human`;
    expect(factsOf(recordOf({ ...failed, rationale: 'a person knows', conflictReason }))).toContain(
      'error: States.Timeout',
    );
  });

  test('are few where the oldest logs say little, and bounded where somebody says much', () => {
    expect(factsOf(recordOf({ facts: undefined, round: null, reasons: [] }))).toHaveLength(3);
    const [, , , long] = factsOf(recordOf({ reasons: ['x'.repeat(5_000)] }));
    expect(long?.length).toBeLessThan(100);
  });

  test('take no member of every object for a score', () => {
    expect(lowDimensions({ scores: {}, thresholds: { constructor: 1 } })).toEqual(['constructor']);
  });
});

describe('who was heard', () => {
  test.each<[string, Parameters<typeof recorded>, object | null]>([
    ['nobody, where the rule decided alone', [], null],
    [
      'nobody, where the advice could not be followed',
      [{ source: 'programmatic_fallback', adviceRejected: 'there is none' }],
      null,
    ],
    [
      'an advisor that agreed',
      [{ confidence: 0.9 }],
      { by: 'advisor', rule: 'go:Refine', said: 'go:Refine', isOverruled: false },
    ],
    ['an advisor that did not', [overruled], { by: 'advisor', rule: 'go:Refine', said: 'go:Done', isOverruled: true }],
    ['a person that agreed', [{ source: 'human' }], { by: 'person', isOverruled: false }],
    [
      'a person that did not',
      [{ source: 'human', programmaticAlternative: 'go:Done' }],
      { by: 'person', rule: 'go:Done', said: 'go:Refine', isOverruled: true },
    ],
    [
      'an advisor in shadow',
      [{}, { shadowMove: 'human' }],
      { by: 'shadow', rule: 'go:Refine', said: 'human', isOverruled: true },
    ],
    [
      'an advisor after a failed task, whichever catcher it was',
      [
        { point: { kind: 'task-failed', state: 'Work' }, target: 'Mend', confidence: 0.9, actionType: 'fail' },
        { shadowMove: 'catch:2' },
      ],
      { by: 'advisor', rule: 'catch', said: 'catch', isOverruled: false },
    ],
  ])('is %s', (_what, args, heard) => {
    const found = heardAt(recorded(...args));
    if (heard === null) expect(found).toBeNull();
    else expect(found).toMatchObject(heard);
  });
});
