import { describe, expect, test } from 'vitest';
import type { ClassifierLimits } from '../document/workflow-document.js';
import { classify, type DecisionFacts, noFacts } from './classify.js';
import { USUAL_LIMITS } from './convergence.js';
import type { ActionType, Classification } from './decision-record.js';
import { blockedBecause, failMove, humanMove } from './legal-moves.js';
import type { Move } from './move.js';
import { type Counsel, isAdviceWanted, reconcile } from './reconcile.js';

/*
 * The rules of decisions as tables that a person can read, and every combination of their rows. What a combination must
 * give is worked out here from the rows alone, by the precedence that the design names, and never by the code under test.
 */

type Row<T> = readonly [what: string, facts: Partial<DecisionFacts>, T];
const good = { a: 9, b: 9 };

/** Each row alone, and what it makes of a point. Rows of one group exclude one another. */
const GROUPS: Readonly<Record<string, readonly Row<Classification>[]>> = {
  errors: [
    ['no error', {}, 'standard'],
    ['one error', { errorCount: 1 }, 'hybrid'],
    ['two errors', { errorCount: 2 }, 'hybrid'],
    ['three errors', { errorCount: 3 }, 'complex'],
    ['nine errors', { errorCount: 9 }, 'complex'],
  ],
  human: [
    ['nobody is needed', {}, 'standard'],
    ['a human is needed', { isHumanNeeded: true }, 'complex'],
    ['an approval is open', { humanReasons: ['an approval is open'] }, 'complex'],
  ],
  reading: [
    ['scores that were read', {}, 'standard'],
    ['a score that was not', { scoreProblems: ['the score for a is missing'] }, 'complex'],
  ],
  anomalies: [
    ['nothing at odds', {}, 'standard'],
    ['a verdict at odds with its scores', { anomalies: ['the verdict is bad while every score is good'] }, 'complex'],
  ],
  movement: [
    ['the first round', { scores: good }, 'standard'],
    ['gain enough', { scores: good, earlierScores: [{ a: 8.8, b: 8.9 }] }, 'standard'],
    ['gain just too small', { scores: good, earlierScores: [{ a: 8.8, b: 8.91 }] }, 'complex'],
    ['a fall by one, made up for', { scores: good, earlierScores: [{ a: 10, b: 7 }] }, 'hybrid'],
    ['a fall by less than one, made up for', { scores: good, earlierScores: [{ a: 9.9, b: 7 }] }, 'standard'],
    [
      'ups and downs, with gain',
      {
        scores: good,
        earlierScores: [
          { a: 9, b: 7 },
          { a: 8.5, b: 8 },
        ],
      },
      'hybrid',
    ],
    ['a loss in all', { scores: good, earlierScores: [{ a: 10, b: 10 }] }, 'complex'],
  ],
  rounds: [
    ['rounds left', { round: 1, maxRounds: 2 }, 'standard'],
    ['the last round', { round: 2, maxRounds: 2 }, 'complex'],
    ['a bound without a round', { maxRounds: 2 }, 'standard'],
    ['no bound', { round: 7 }, 'standard'],
  ],
  tools: [
    ['no tools known', { thresholds: { a: 9, b: 9 } }, 'standard'],
    ['every tool passed', { thresholds: { a: 9, b: 9 }, failingTools: [] }, 'standard'],
    ['a tool fails what the scores pass', { thresholds: { a: 9, b: 9 }, failingTools: ['tests'] }, 'complex'],
    ['a tool fails, and so does a score', { thresholds: { a: 9.1, b: 9 }, failingTools: ['tests'] }, 'standard'],
    ['a tool fails, without thresholds', { failingTools: ['tests'] }, 'standard'],
  ],
  unrun: [
    ['every tool ran', {}, 'standard'],
    ['a tool did not run', { unrunTools: ['tests'] }, 'complex'],
  ],
};

const RANK: readonly Classification[] = ['standard', 'hybrid', 'complex'];
const hardest = (all: readonly Classification[]): Classification =>
  RANK[Math.max(...all.map((each) => RANK.indexOf(each)))] ?? 'standard';

function* combinations<T>(groups: readonly (readonly T[])[]): Generator<readonly T[]> {
  const [first, ...rest] = groups;
  if (first === undefined) {
    yield [];
    return;
  }
  for (const one of first) for (const others of combinations(rest)) yield [one, ...others];
}

describe('classification', () => {
  test.each(Object.values(GROUPS).flat())('%s', (_what, facts, expected) => {
    const { classification, reasons } = classify({ ...noFacts, scores: good, ...facts });
    expect(classification).toBe(expected);
    expect(reasons).not.toEqual([]);
  });

  test('of any combination is that of its hardest fact, and each fact that is not standard gives a reason', () => {
    let seen = 0;
    const wrong: string[] = [];
    for (const rows of combinations(Object.values(GROUPS))) {
      seen += 1;
      const facts: DecisionFacts = Object.assign({}, noFacts, ...rows.map(([, each]) => each));
      const classes = rows.map(([, , each]) => each);
      const { classification, reasons } = classify(facts);
      const notable = classes.filter((each) => each !== 'standard').length;
      const isRight = classification === hardest(classes) && reasons.length >= Math.max(1, notable);
      if (!isRight) wrong.push(`${rows.map(([what]) => what).join(', ')}: ${classification}, ${reasons.join('; ')}`);
    }
    expect(wrong).toEqual([]);
    expect(seen).toBe(5 * 3 * 2 * 2 * 7 * 4 * 5 * 2);
  });
});

describe('the limits of the classifier are data', () => {
  const classOf = (facts: Partial<DecisionFacts>, limits: Partial<ClassifierLimits>): Classification =>
    classify({ ...noFacts, ...facts }, { ...USUAL_LIMITS, ...limits }).classification;

  test.each<[string, Partial<DecisionFacts>, Partial<ClassifierLimits>, Classification, Classification]>([
    ['errors', { errorCount: 3 }, { errors: 5 }, 'complex', 'hybrid'],
    ['errors', { errorCount: 1 }, { errors: 0 }, 'hybrid', 'complex'],
    ['drop', { scores: { a: 9, b: 9 }, earlierScores: [{ a: 10, b: 7 }] }, { drop: 1.5 }, 'hybrid', 'standard'],
    ['drop', { scores: { a: 9, b: 9 }, earlierScores: [{ a: 9.5, b: 7 }] }, { drop: 0.5 }, 'standard', 'hybrid'],
    ['gain', { scores: good, earlierScores: [{ a: 8.9, b: 9 }] }, { gain: 0.1 }, 'complex', 'standard'],
    ['gain', { scores: good, earlierScores: [{ a: 8, b: 9 }] }, { gain: 2 }, 'standard', 'complex'],
  ])('%s: %j with %j', (_name, facts, limits, usually, then) => {
    expect([classOf(facts, {}), classOf(facts, limits)]).toEqual([usually, then]);
  });
});

describe('who is asked', () => {
  test.each([
    // mode, standard, hybrid, complex
    ['programmatic', false, false, false],
    ['hybrid', false, true, true],
    ['llm', true, true, true],
    ['shadow', true, true, true],
  ] as const)('%s: standard %s, hybrid %s, complex %s', (mode, ...expected) => {
    expect(RANK.map((classification) => isAdviceWanted(mode, classification))).toEqual(expected);
  });
});

const moveOf = (actionType: ActionType, target: string | null = 'X'): Move => ({
  id: `go:${actionType}`,
  actionType,
  target,
  targetAgent: null,
  template: null,
  stepNumber: null,
  index: null,
  recoveryStrategy: actionType === 'retry_with_recovery' ? 'same' : null,
  text: actionType,
});

describe('what no advice can do', () => {
  const NO = {
    ...{ tool: 'never overruled', unrun: 'nothing is known to pass', approval: 'approval is missing' },
    ...{ round: 'the last of', budget: 'used up' },
  };
  type Bound = keyof typeof NO;
  /** For each action, the bounds that forbid it; the first one that holds is the reason. */
  const FORBIDDEN_BY: readonly (readonly [ActionType, readonly Bound[]])[] = [
    ['invoke_agent', ['approval', 'round', 'budget']],
    ['transition_phase', ['approval', 'tool', 'unrun', 'budget']],
    ['retry_with_recovery', ['approval', 'budget']],
    ['complete', ['approval', 'tool', 'unrun']],
    ['request_human', []],
    ['fail', []],
  ];
  const BOUNDS: readonly Bound[] = ['tool', 'unrun', 'approval', 'round', 'budget'];
  const sets = [...combinations(BOUNDS.map((bound) => [bound, null]))].map((set) => set.filter((one) => one !== null));

  test.each(FORBIDDEN_BY)('%s is blocked by %j, and by nothing else', (actionType, forbidding) => {
    for (const holding of sets) {
      const facts: DecisionFacts = {
        ...noFacts,
        failingTools: holding.includes('tool') ? ['tests'] : [],
        unrunTools: holding.includes('unrun') ? ['tests'] : [],
        isHumanNeeded: holding.includes('approval'),
        round: 2,
        maxRounds: holding.includes('round') ? 2 : 3,
      };
      const bounds = { budget: holding.includes('budget') ? 'the budget is used up' : null };
      const [first] = forbidding.filter((bound) => holding.includes(bound));
      const reason = blockedBecause(moveOf(actionType), facts, bounds);
      if (first === undefined) expect(reason, holding.join()).toBeNull();
      else expect(reason, holding.join()).toContain(NO[first]);
    }
    expect(sets).toHaveLength(32);
  });

  test('the same work again is blocked where the same came of it twice, and a person may still be asked', () => {
    const facts: DecisionFacts = { ...noFacts, round: 2, maxRounds: 5, standstill: 'the same again' };
    const reasonOf = (action: ActionType) => blockedBecause(moveOf(action), facts, { budget: null });
    expect(reasonOf('invoke_agent')).toBe('the same again');
    expect(reasonOf('request_human')).toBeNull();
    expect(reasonOf('fail')).toBeNull();
  });

  test('the same work again is blocked where only the approval of what came twice is missing', () => {
    const waits: DecisionFacts = {
      ...noFacts,
      ...{ scores: good, thresholds: good, needsApproval: true, output: { sha256: '0', isRepeated: true } },
    };
    const reasonOf = (facts: Partial<DecisionFacts>, action: ActionType = 'invoke_agent') =>
      blockedBecause(moveOf(action), { ...waits, ...facts }, { budget: null });
    expect(reasonOf({})).toContain('for a person to approve');
    expect(reasonOf({}, 'request_human')).toBeNull();
    expect(reasonOf({}, 'fail')).toBeNull();
    const goesOn: readonly Partial<DecisionFacts>[] = [
      { needsApproval: false },
      { output: { sha256: '0', isRepeated: false } },
      { output: null },
      { thresholds: { a: 9.5, b: 9 } },
      { scores: null },
      { failingTools: ['tests'] },
      { unrunTools: ['tests'] },
    ];
    for (const facts of goesOn) expect(reasonOf(facts), JSON.stringify(facts)).toBeNull();
  });

  test('where neither tools nor rounds are known, they block nothing', () => {
    for (const [actionType] of FORBIDDEN_BY) {
      expect(blockedBecause(moveOf(actionType), noFacts, { budget: null })).toBeNull();
    }
  });
});

describe('reconciliation', () => {
  const rule = moveOf('invoke_agent');
  const other = moveOf('complete');
  const blocked = moveOf('transition_phase');
  const choices = {
    rule,
    rationale: 'the numbers say so',
    moves: [rule, other, humanMove, failMove],
    blocked: [{ move: blocked, reason: 'tests failed' }],
  };
  const advice = (move: string, more: object = {}): Counsel => ({
    output: JSON.parse(JSON.stringify({ move, rationale: 'I think so', confidence: 0.8, ...more })),
  });
  const shape = 'does not have the shape';

  /** What came back → whose word it is, what is done, and why the advice was not followed. */
  const TABLE: readonly (readonly [string, Counsel, string, Move, string | null])[] = [
    ['the move of the rule', advice(rule.id), 'programmatic', rule, null],
    ['another move of the list', advice(other.id), 'llm_override', other, null],
    ['a person', advice('human'), 'llm_override', humanMove, null],
    ['the end', advice('fail'), 'llm_override', failMove, null],
    ['a move that is blocked', advice(blocked.id), 'programmatic_fallback', rule, 'tests failed'],
    ['an invented move', advice('go:Mars'), 'programmatic_fallback', rule, 'not on the list'],
    ['an empty move', advice(''), 'programmatic_fallback', rule, 'not on the list'],
    ['the right move in another case', advice(rule.id.toUpperCase()), 'programmatic_fallback', rule, 'not on the list'],
    ['too sure', advice(other.id, { confidence: 1.1 }), 'programmatic_fallback', rule, shape],
    ['not sure at all', advice(other.id, { confidence: 0 }), 'llm_override', other, null],
    ['less than unsure', advice(other.id, { confidence: -0.1 }), 'programmatic_fallback', rule, shape],
    ['no rationale', advice(other.id, { rationale: 5 }), 'programmatic_fallback', rule, shape],
    ['nothing', { output: null }, 'programmatic_fallback', rule, shape],
    ['a text', { output: other.id }, 'programmatic_fallback', rule, shape],
    ['no answer', { problem: 'no advice came in time' }, 'programmatic_fallback', rule, 'no advice came in time'],
  ];

  test.each(TABLE)('%s', (_what, counsel, source, move, rejected) => {
    const made = reconcile(choices, counsel);
    expect(made).toMatchObject({ source, move });
    if (rejected === null) expect(made.adviceRejected).toBeNull();
    else expect(made.adviceRejected).toContain(rejected);
    // A conflict is on record exactly where the advice has the word; confidence, exactly where it was followed or agreed.
    const isOverride = source === 'llm_override';
    expect(made.programmaticAlternative).toBe(isOverride ? rule.id : null);
    expect(made.conflictReason === null).toBe(!isOverride);
    expect(made.rationale).toBe(isOverride ? 'I think so' : 'the numbers say so');
    expect(made.confidence === null).toBe(source === 'programmatic_fallback');
  });
});
