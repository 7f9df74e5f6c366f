import type { PolicyTried } from '@baton/contracts';
import { describe, expect, test } from 'vitest';
import { idOf } from '../recommend.js';
import { documentOf, overruled, recorded, runFacts, scored, times } from '../testing/recorded.js';
import { noEffect } from './draft.js';
import { JudgeFailureTally } from './judges.js';
import { OverruledTally } from './overruled-rules.js';
import { RatingTally } from './ratings.js';
import { RetryTally } from './retries.js';
import { medianOf, ThresholdTally } from './thresholds.js';

const tried = (counts: Readonly<Record<string, number>>): PolicyTried => ({
  ...{ workflow: 'w', since: null, until: '2026-11-28T00:00:00.000Z', runs: 5 },
  decisions: Object.values(counts).reduce((sum, count) => sum + count, 0),
  counts,
  ...{ differing: counts['other-move'] ?? 0, first: counts['other-move'] ?? 0 },
});

describe('a threshold', () => {
  const limits = { alignment: 9, style: 3 };

  test('that changes nothing when it is taken away is recommended to go, and only then', () => {
    const tally = new ThresholdTally();
    times(20, () => tally.add(scored({ alignment: 5, style: 8 }, limits)));
    const { drafts, looked } = tally.found();
    expect(looked).toMatchObject({ looked: 2, tooFew: 0, least: 20 });
    const style = drafts.find(({ subject }) => subject.dimension === 'style');
    expect(style?.policy).toEqual({ thresholds: { style: 0 } });
    expect(style?.say(tried({ same: 20 }), noEffect)).toMatchObject({
      evidence: { n: 20, counts: { below: 0, alone: 0 }, share: { count: 20, of: 20 } },
      confidence: expect.closeTo(0.8389, 4),
    });
    for (const counts of [
      { same: 19, 'other-move': 1 },
      { same: 19, 'not-replayed': 1 },
      { same: 19, 'would-ask': 1 },
    ])
      expect(style?.say(tried(counts), noEffect)).toBeNull();
    expect(style?.say(null, noEffect)).toBeNull();
    expect(style?.otherwise).toBeUndefined();
  });

  test('by which all go is moved to the median of the scores that it alone sent back', () => {
    const tally = new ThresholdTally();
    times(20, (index) => tally.add(scored({ alignment: 8 + (index % 5) / 10, style: 8 }, limits)));
    const { drafts } = tally.found();
    const all = drafts.find(({ subject }) => subject.dimension === 'alignment')?.otherwise;
    expect(all).toMatchObject({ kind: 'threshold-decides-all', policy: { thresholds: { alignment: 8.2 } } });
    expect(all?.say(tried({ same: 20 }), noEffect)).toBeNull();
    expect(all?.say(tried({ same: 8, 'other-move': 12 }), noEffect)?.why).toContain('20 of 20 (100 %, 84 to 100 %)');
  });

  test('that is taken away already is not recommended to go', () => {
    const tally = new ThresholdTally();
    times(19, () => tally.add(scored({ style: 8 }, { style: 3 })));
    times(2, () => tally.add(scored({ style: 8 }, { style: 0 })));
    expect(tally.found()).toMatchObject({ drafts: [], looked: { looked: 1, tooFew: 0 } });
  });

  test('of too few decisions is said to be so, and what has no score is not counted', () => {
    const tally = new ThresholdTally();
    times(19, () => tally.add(scored({ alignment: 5 }, limits)));
    tally.add(recorded());
    expect(tally.found()).toMatchObject({ drafts: [], looked: { looked: 1, tooFew: 1 } });
  });

  test('has the lower median', () => {
    expect(
      medianOf(
        new Map([
          [80, 1],
          [90, 1],
        ]),
        2,
      ),
    ).toBe(8);
    expect(
      medianOf(
        new Map([
          [95, 1],
          [71, 2],
        ]),
        3,
      ),
    ).toBe(7.1);
    expect(medianOf(new Map(), 0)).toBe(0);
  });
});

describe('a judge', () => {
  const verdict = (model: string, passes: boolean, failingTools: string[]) =>
    recorded({
      facts: {
        ...{ errorCount: 0, thresholds: null, maxRounds: null, failingTools },
        judges: [{ judge: 'Read', template: 'read@1', model, passes }],
      },
    });

  test('that passes what tools fail is held to one that does not', () => {
    const tally = new JudgeFailureTally();
    times(10, (index) => tally.add(verdict('lax', index < 6, ['tests'])));
    times(10, () => tally.add(verdict('strict', false, ['tests'])));
    times(9, () => tally.add(verdict('new', true, ['tests'])));
    times(3, () => tally.add(verdict('lax', false, [])));
    const { drafts, looked } = tally.found();
    expect(looked).toMatchObject({ looked: 3, tooFew: 1, least: 10 });
    expect(drafts.map(({ subject }) => subject)).toEqual([
      { workflow: 'w', judge: 'Read', template: 'read@1', model: 'lax' },
    ]);
    const [draft] = drafts;
    expect(draft?.say(null, noEffect)).toMatchObject({
      why: 'It passed 6 of 10 (60 %, 31 to 83 %) of what a tool failed. Read (read@1, strict) passed 0 of 10 (0 %, 0 to 28 %).',
      evidence: { n: 10, counts: { verdicts: 13, failures: 10, passed: 6, falseAlarms: 3 } },
      confidence: expect.closeTo(0.3127, 4),
    });
    const document = documentOf({ Read: { Type: 'Task', Resource: 'baton:worker:validator', End: true } });
    expect(draft?.changeOf(document)).toEqual({ in: 'setting', name: 'BATON_MODEL_VALIDATOR', value: 'strict' });
    expect(draft?.changeOf(documentOf({ Other: { Type: 'Succeed' } }))).toBeNull();
  });

  test('that another judge does better than is named, and no panel is made of one', () => {
    const tally = new JudgeFailureTally();
    const by = (judge: string, passes: boolean) =>
      recorded({
        facts: {
          ...{ errorCount: 0, thresholds: null, maxRounds: null, failingTools: ['tests'] },
          judges: [{ judge, template: judge, model: 'm', passes }],
        },
      });
    times(10, () => tally.add(by('Read', true)));
    times(10, () => tally.add(by('Standards', false)));
    const [draft] = tally.found().drafts;
    expect(draft?.say(null, noEffect)?.why).toContain('Standards (Standards, m) passed 0 of 10');
    const document = documentOf({ Read: { Type: 'Task', Resource: 'baton:worker:validator', End: true } });
    expect(draft?.changeOf(document)).toBeNull();
  });

  test('that passes a little of it is left alone', () => {
    const tally = new JudgeFailureTally();
    times(10, (index) => tally.add(verdict('usual', index < 3, ['tests'])));
    expect(tally.found().drafts).toEqual([]);
  });
});

describe('scores and ratings', () => {
  const rated = (score: number, rating: number) =>
    runFacts({
      ratings: [{ score: rating, decisionId: null }],
      scores: new Map([
        ['d1', { alignment: 1 }],
        ['d2', { alignment: score }],
      ]),
    });

  test('that do not go together are said so, by the last scores of a run', () => {
    const tally = new RatingTally();
    times(28, (index) => tally.add('w', rated(index / 3, 1 + (index % 2) * 4)));
    const { drafts, looked } = tally.found();
    expect(looked).toMatchObject({ looked: 1, tooFew: 0 });
    expect(drafts).toMatchObject([
      { subject: { workflow: 'w', dimension: 'alignment' }, policy: { thresholds: { alignment: 0 } } },
    ]);
    expect(drafts[0]?.say(null, noEffect)?.evidence.n).toBe(28);
  });

  test('that go together, are few, or never change are not', () => {
    const [together, few, constant] = [new RatingTally(), new RatingTally(), new RatingTally()];
    times(28, (index) => together.add('w', rated(index / 3, 1 + Math.floor(index / 6))));
    times(11, (index) => few.add('w', rated(index, 1 + (index % 2))));
    times(28, (index) => constant.add('w', rated(9, 1 + (index % 5))));
    for (const tally of [together, few, constant]) expect(tally.found().drafts).toEqual([]);
    expect(few.found().looked).toMatchObject({ tooFew: 1, least: 12 });
    expect(constant.found().looked.note).toContain('Of 1,');
  });
});

describe('retries', () => {
  const retried = (error: string, hasHelped: boolean) =>
    runFacts({ retries: [{ state: 'Work', error, hasHelped, microUsd: 20_000, ms: 3_000, version: 4 }] });

  test('that never help are recommended to end, by a retrier in front of the others', () => {
    const tally = new RetryTally();
    times(10, () => tally.add('w', retried('Flaky', false)));
    times(10, (index) => tally.add('w', retried('Slow', index < 5)));
    times(9, () => tally.add('w', retried('Rare', false)));
    const { drafts, looked } = tally.found();
    expect(looked).toMatchObject({ looked: 3, tooFew: 1 });
    expect(drafts.map(({ subject }) => subject.error)).toEqual(['Flaky']);
    expect(drafts[0]?.say(null, noEffect)).toMatchObject({
      why: '0 of 10 (0 %, 0 to 28 %) retries succeeded.',
      effect: { costUsd: { mean: expect.closeTo(0.02, 9) }, ms: { mean: 3_000, n: 10 } },
      confidence: expect.closeTo(0.7225, 4),
    });
    const Retry = [{ ErrorEquals: ['States.ALL'] }];
    const inner = {
      StartAt: 'Work',
      States: { Work: { Type: 'Task', Resource: 'baton:worker:planner', Retry, End: true } },
    };
    const document = documentOf({ All: { Type: 'Parallel', Branches: [inner], End: true } });
    expect(drafts[0]?.changeOf(document)).toMatchObject({
      op: 'add',
      path: '/definition/States/All/Branches/0/States/Work/Retry/0',
      value: { ErrorEquals: ['Flaky'], MaxAttempts: 0 },
    });
    const rest = [{ ErrorEquals: ['Slow'] }];
    const ended = [{ ErrorEquals: ['Other', 'Flaky'], MaxAttempts: 0 }, ...rest];
    for (const [retriers, isDone] of [
      [rest, false],
      [ended, true],
      [ended.toReversed(), false],
    ] as const) {
      const work = { Type: 'Task', Resource: 'baton:worker:planner', Retry: [...retriers], End: true };
      expect(drafts[0]?.isDone?.(documentOf({ Work: work }))).toBe(isDone);
    }
  });
});

describe('a rule', () => {
  test('that the advisor always overrules is recommended to go where the advice goes', () => {
    const tally = new OverruledTally();
    times(12, () => tally.add(recorded(overruled, { waitedMs: 500 })));
    times(9, () => tally.add(recorded({ ...overruled, point: { kind: 'choice', state: 'Seldom' } })));
    times(12, () => tally.add(recorded({ confidence: 0.9, target: 'Done' })));
    const { drafts, looked } = tally.found();
    expect(looked).toMatchObject({ looked: 3, tooFew: 1, note: expect.stringContaining('2 decision points') });
    expect(drafts.map(({ subject }) => subject)).toEqual([
      { workflow: 'w', kind: 'choice', state: 'Good', rule: 'go:Refine' },
    ]);
    expect(drafts[0]?.policy).toEqual({ mode: 'programmatic' });
    expect(drafts[0]?.say(tried({ same: 12, 'other-move': 12 }), noEffect)).toMatchObject({
      evidence: { n: 12, counts: { heard: 12, overruled: 12, 'go:Done': 12 } },
      effect: { costUsd: { mean: expect.closeTo(0.02, 9), n: 12 }, ms: { mean: 500 } },
      confidence: expect.closeTo(0.7575, 4),
    });
    const ways = (Default: string) =>
      documentOf({
        Good: { Type: 'Choice', Choices: [{ Condition: '{% 1 = 2 %}', Next: 'Done' }], Default },
        Refine: { Type: 'Succeed' },
        Done: { Type: 'Succeed' },
      });
    expect(drafts[0]?.changeOf(ways('Refine'))).toMatchObject({
      path: '/definition/States/Good/Default',
      value: 'Done',
    });
  });

  const ways = documentOf({
    Good: { Type: 'Choice', Choices: [{ Condition: '{% 1 = 2 %}', Next: 'Done' }], Default: 'Refine' },
    Refine: { Type: 'Succeed' },
    Done: { Type: 'Succeed' },
  });

  test.each([
    [1, 13, true],
    [100, 112, false],
  ])('that spoke %i times unheard, too, is changed only where nearly all was heard', (unheard, spoken, isChanged) => {
    const tally = new OverruledTally();
    times(unheard, () => tally.add(recorded()));
    times(12, () => tally.add(recorded(overruled)));
    const { drafts, looked } = tally.found();
    expect(looked).toMatchObject({ looked: 1, tooFew: 0 });
    expect(drafts[0]?.say(null, noEffect)).toMatchObject({
      why: expect.stringContaining(`The rule spoke ${spoken} times`),
      evidence: { n: 12, counts: { spoken, heard: 12 } },
    });
    expect(drafts[0]?.changeOf(ways) !== null).toBe(isChanged);
  });

  test('is changed only where four fifths of all advice lead to one place', () => {
    const tally = new OverruledTally();
    times(46, () => tally.add(recorded(overruled)));
    times(6, () => tally.add(recorded({ ...overruled, target: 'Other' })));
    times(4, () => tally.add(recorded({ confidence: 0.9 })));
    const [draft] = tally.found().drafts;
    expect(draft?.changeOf(ways)).not.toBeNull();
    times(4, () => tally.add(recorded({ confidence: 0.9 })));
    const [less] = tally.found().drafts;
    expect(less?.subject.rule).toBe('go:Refine');
    expect(less?.changeOf(ways)).toBeNull();
  });

  test('that a person overrules is no matter of advice, and advice in shadow counts', () => {
    const tally = new OverruledTally();
    times(12, () => tally.add(recorded({ ...overruled, source: 'human' })));
    times(12, () => tally.add(recorded({}, { shadowMove: 'human' })));
    const { drafts, looked } = tally.found();
    expect(looked.looked).toBe(1);
    expect(drafts[0]?.policy).toEqual({ mode: 'llm' });
    expect(drafts[0]?.changeOf(documentOf({ Good: { Type: 'Succeed' } }))).toBeNull();
  });
});

test('an id is of kind and subject, in whatever order that is written', () => {
  const one = idOf({ kind: 'cheaper-model', subject: { workflow: 'w', state: 's' } });
  expect(one).toBe(idOf({ kind: 'cheaper-model', subject: { state: 's', workflow: 'w' } }));
  expect(one).not.toBe(idOf({ kind: 'rule-overruled', subject: { workflow: 'w', state: 's' } }));
  expect(one).toMatch(/^[0-9a-f]{12}$/);
});
