import { expect, test } from 'vitest';
import { askedIn } from './asked.js';

test('what is known of a question is laid out, and what no part shows is kept', () => {
  const asked = askedIn({
    ...{ title: 'Approve the plan', about: 'plan', plan: { goal: 'x' }, round: 2, items: [1] },
    review: { verdict: 'pass', scores: { alignment: 9 }, issues: [{ severity: 'major', problem: 'p' }] },
    panel: { rounds: [{ round: 1, scores: { alignment: 3 } }], spent: { usd: null, tokens: 7 } },
    comments: [{ by: { type: 'user', id: 'ada' }, comment: 'shorter' }, 'plain'],
    policy: {},
  });
  expect(asked).toMatchObject({
    kind: 'approval',
    subject: { name: 'plan', value: { goal: 'x' } },
    reviews: [{ verdict: 'pass', scores: { alignment: 9 } }],
    comments: [
      { by: 'user:ada', comment: 'shorter' },
      { by: null, comment: 'plain' },
    ],
    rest: { round: 2, items: [1] },
  });
  expect(asked.panel?.spent).toMatchObject({ usd: null, tokens: 7 });
});

test.each([
  ['question', { about: 'question', question: 'Which?', choices: ['a', 'b'] }],
  ['work', { about: 'work', worker: 'programmer', workspace: { tree: 'ab' } }],
  [
    'decision',
    { about: 'decision', moves: [{ id: 'retry', text: 'again' }], proposed: { id: 'retry', text: 'again' } },
  ],
  ['approval', { about: 'anything' }],
] as const)('a %s is told by what it is about', (kind, given) => {
  expect(askedIn(JSON.parse(JSON.stringify(given))).kind).toBe(kind);
});

test('a question of any shape is shown, and breaks nothing', () => {
  expect(askedIn('text').rest).toEqual({ value: 'text' });
  expect(askedIn(null).kind).toBe('approval');
  const odd = askedIn({ review: 5, toolReport: { passed: 'x' }, panel: [], moves: [{ id: 1 }], plan: 'words' });
  expect(odd).toMatchObject({ reviews: [], toolReport: null, panel: null, moves: [], subject: null });
});

test('a part of another shape than is known is not hidden, but shown as it is', () => {
  const given = { review: 'Looks good.', reviews: [{ verdict: 'pass' }, 7], plan: 'words', comments: [], choices: [1] };
  expect(askedIn({ ...given, question: { text: 'q' }, proposed: 'retry', answers: { approve: 1 } }).rest).toEqual({
    ...{ review: 'Looks good.', reviews: given.reviews, plan: 'words', choices: [1], question: { text: 'q' } },
    ...{ proposed: 'retry', answers: { approve: 1 } },
  });
});

test('the versions of a workspace that it is about are those that it names itself, or in its code', () => {
  const [base, tree] = ['a'.repeat(64), 'b'.repeat(64)];
  expect(askedIn({ code: { files: [], workspace: { base, tree } } }).versions).toEqual({ base, tree });
  expect(askedIn({ about: 'deployment', tree, base }).versions).toEqual({ base, tree });
  expect(askedIn({ about: 'work', workspace: { tree } }).versions).toBeNull();
});

test('what a deployment runs is in the question, or in the version that it names as its base', () => {
  const [base, tree] = ['a'.repeat(64), 'b'.repeat(64)];
  expect(askedIn({ tree, base }).deployBase).toBe(base);
  expect(askedIn({ tree, base, deploy: { command: 'x' } })).toMatchObject({
    deployBase: null,
    rest: { deploy: { command: 'x' } },
  });
  expect(askedIn({ code: { workspace: { base, tree } } }).deployBase).toBeNull();
});
