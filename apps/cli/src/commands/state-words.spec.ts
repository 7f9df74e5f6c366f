import fc from 'fast-check';
import { expect, test } from 'vitest';
import { changesInWords } from './state-words.js';

const frame = (variables: object) => [{ frame: 0, variables: JSON.parse(JSON.stringify(variables)), readySince: 3 }];

test.each<[object, object, readonly string[]]>([
  [
    { status: 'running' },
    { status: 'failed', error: 'E', cause: 'because' },
    ['The run is failed; it was running.', 'It failed with E: because'],
  ],
  [{ phase: 'plan' }, { phase: 'code' }, ['The phase is code; it was plan.']],
  [
    { visits: [{ visit: 3, state: 'ValidatePlan', attempts: 1 }] },
    { visits: [{ visit: 4, state: 'RevisePlan', attempts: 1, command: 'x' }] },
    ['ValidatePlan is over.', 'RevisePlan has begun.'],
  ],
  [
    { visits: [{ visit: 3, state: 'Plan', attempts: 1 }] },
    { visits: [{ visit: 3, state: 'Plan', attempts: 2 }] },
    ['Plan is at its attempt 2; it was at 1.'],
  ],
  [
    { frames: frame({ round: 1, gone: true, plan: { goal: 'a', steps: [1, 2] } }) },
    { frames: frame({ round: 2, plan: { goal: 'a', steps: [1] }, code: { files: [] } }) },
    [
      'Variable round is 2; it was 1.',
      'Variable plan, steps is a list of 1; it was a list of 2.',
      'Variable code is new: an object with files.',
      'Variable gone is gone.',
    ],
  ],
  [
    { scores: [] },
    { scores: [{ phase: 'plan', round: 1, scores: { alignment: 9.5 } }] },
    ['Round 1 of plan was scored: alignment 9.5.'],
  ],
  [
    { spent: { usd: 0, tokens: 0 } },
    { spent: { usd: 0.5, tokens: 12 } },
    ['Spent in all: 0.5000 USD and 12 tokens; before, 0.0000 and 0.'],
  ],
  [{ output: null }, { output: { files: [], notes: '' } }, ['The output is an object with files, notes.']],
  // What the engine keeps for itself.
  [{ frames: frame({}), nextCommand: 3 }, { frames: [{ ...frame({})[0], readySince: 18 }], nextCommand: 4 }, []],
])('of %j and %j it says what a person cares about', (before, after, said) => {
  const json = (value: object) => JSON.parse(JSON.stringify(value));
  expect(changesInWords(json(before), json(after))).toEqual(said);
});

test('says nothing of what is the same, and something of every variable that is not', () => {
  const variables = fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), fc.jsonValue({ maxDepth: 3 }));
  fc.assert(
    fc.property(variables, variables, (a, b) => {
      const [before, after] = [{ frames: frame(a) }, { frames: frame(b) }];
      expect(changesInWords(before, before)).toEqual([]);
      const text = changesInWords(before, after).join('\n');
      for (const name of Object.keys(frame(b)[0]?.variables ?? {})) {
        if (!Object.hasOwn(a, name)) expect(text).toContain(`Variable ${name} is new`);
      }
    }),
  );
});
