import { describe, expect, test } from 'vitest';
import { type AdviceFate, adviceOf, type Decision, decidersOf } from './deciders.js';

const decision = (given: Partial<Decision>): Decision => ({
  decisionId: 'd',
  runId: 'r',
  workflow: 'w',
  version: 1,
  decidedAt: '2026-01-01T00:00:00.000Z',
  point: { kind: 'choice', state: 'S' },
  classification: 'standard',
  reasons: [],
  source: 'programmatic',
  actionType: 'transition_phase',
  target: 'Code',
  rationale: '',
  phase: null,
  round: null,
  confidence: null,
  recoveryStrategy: null,
  programmaticAlternative: null,
  conflictReason: null,
  adviceRejected: null,
  shadow: null,
  latencyMs: 1,
  costUsd: 0,
  ...given,
});

const inShadow = (move: string | null) => ({ move, confidence: 1, problem: null, costUsd: 0 });

test.each<[Partial<Decision>, AdviceFate | null]>([
  [{}, null],
  [{ confidence: 0.9 }, 'agreed'],
  [{ source: 'llm_override', confidence: 0.9, conflictReason: 'differs' }, 'overruled'],
  [{ source: 'programmatic_fallback', adviceRejected: 'not legal' }, 'not-followed'],
  [{ source: 'programmatic_fallback', adviceRejected: 'no advice came in time' }, 'silent'],
  [{ source: 'programmatic_fallback' }, 'silent'],
  [{ shadow: inShadow('go:Code') }, 'agreed'],
  [{ shadow: inShadow('go:Plan') }, 'disagreed'],
  [{ shadow: inShadow('human'), actionType: 'request_human', target: null }, 'agreed'],
  [{ shadow: inShadow('retry:same'), recoveryStrategy: 'same', target: null }, 'agreed'],
  [{ shadow: inShadow(null) }, 'silent'],
])('of a decision like %j the advice is: %s', (given, fate) => {
  expect(adviceOf(decision(given))).toBe(fate);
});

describe('many decisions', () => {
  const found = decidersOf([
    decision({}),
    decision({ source: 'llm_override', conflictReason: 'differs' }),
    decision({ adviceRejected: 'not legal' }),
    decision({ shadow: inShadow('go:Plan') }),
    decision({ shadow: inShadow('go:Code') }),
    decision({ actionType: 'request_human' }),
    decision({ source: 'human', conflictReason: 'the person chose another' }),
  ]);

  test('are counted by who decided, and by what became of advice', () => {
    expect(found).toMatchObject({ total: 7, advised: 4 });
    expect(found.bySource).toEqual([
      ['programmatic', 5],
      ['llm_override', 1],
      ['human', 1],
    ]);
    expect(new Map(found.byAdvice)).toEqual(
      new Map([
        ['overruled', 1],
        ['not-followed', 1],
        ['disagreed', 1],
        ['agreed', 1],
      ]),
    );
  });

  test('stand out where a person was asked, and where the rule was not of one mind with somebody', () => {
    expect([found.escalations.length, found.differing.length]).toEqual([1, 4]);
  });
});
