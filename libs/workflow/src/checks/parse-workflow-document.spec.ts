import type { JsonObject } from '@baton/contracts';
import { expect, test } from 'vitest';
import { branches, task } from '../testing/scenario.js';
import { parseWorkflowDocument } from './parse-workflow-document.js';

const States: JsonObject = {
  A: task({ Next: 'Pick' }),
  Pick: { Type: 'Choice', Choices: [{ Condition: true, Next: 'Both' }], Default: 'Both' },
  Both: { ...branches('L', 'R'), End: true },
};
const document = (over: JsonObject = {}, states: JsonObject = States): JsonObject => ({
  name: 'test',
  version: '1.0.0',
  title: 'Test',
  definition: { QueryLanguage: 'JSONata', StartAt: 'A', States: states },
  ...over,
});
const findingsOf = (json: unknown): readonly string[] =>
  parseWorkflowDocument(json).findings.map(({ code, pointer }) => `${code} ${pointer}`);

test('a good document is read, with its defaults', () => {
  const parsed = parseWorkflowDocument(
    document({ decisions: { at: [{ state: 'Pick', phase: 'p' }] }, phases: [{ name: 'p', states: ['A', 'L'] }] }),
  );
  expect(parsed.findings).toEqual([]);
  expect(parsed.ok && parsed.document.decisions?.mode).toBe('programmatic');
});

test.each<[string, unknown, readonly string[]]>([
  ['no document', null, ['schema ']],
  ['a field that is not known', document({ extra: 1 }), ['schema /extra']],
  ['a wrong name and version', document({ name: 'Not Kebab', version: '1' }), ['schema /name', 'schema /version']],
  [
    'a definition with a mistake',
    document({}, { A: { Type: 'Pass', Next: 'B' } }),
    ['unknown-state /definition/States/A/Next', 'no-end /definition/States/A'],
  ],
  [
    'a worker kind that is none',
    document({}, { A: task({ Resource: 'baton:worker:Big One' }) }),
    ['unknown-resource /definition/States/A/Resource'],
  ],
  [
    'a resource with a name that cannot be',
    document({}, { A: task({ Resource: 'baton:workflow:No Such' }) }),
    ['unknown-resource /definition/States/A/Resource'],
  ],
  [
    'a resource of another system',
    document({}, { A: task({ Resource: 'arn:aws:states:::lambda:invoke' }) }),
    ['unknown-resource /definition/States/A/Resource'],
  ],
  ['a step that is no state', document({ steps: { B: { number: 1, title: 'B' } } }), ['unknown-state /steps/B']],
  [
    'a phase with a state that is none',
    document({ phases: [{ name: 'p', states: ['A', 'B'] }] }),
    ['unknown-state /phases/0/states/1'],
  ],
  [
    'a state in two phases',
    document({
      phases: [
        { name: 'p', states: ['A'] },
        { name: 'q', states: ['A'] },
      ],
    }),
    ['schema /phases/1/states/0'],
  ],
  [
    'a decision point that is no Choice',
    document({ phases: [{ name: 'p', states: ['A'] }], decisions: { at: [{ state: 'A', phase: 'p' }] } }),
    ['schema /decisions/at/0/state'],
  ],
  [
    'a decision point that is no state',
    document({ phases: [{ name: 'p', states: ['A'] }], decisions: { at: [{ state: 'Z', phase: 'p' }] } }),
    ['unknown-state /decisions/at/0/state'],
  ],
  [
    'a decision in an unknown phase',
    document({ decisions: { at: [{ state: 'Pick', phase: 'p' }] } }),
    ['schema /decisions/at/0/phase'],
  ],
  [
    'a decision expression that does not parse',
    document({
      phases: [{ name: 'p', states: ['A'] }],
      decisions: { at: [{ state: 'Pick', phase: 'p', round: '{% 1 + %}' }] },
    }),
    ['bad-expression /decisions/at/0/round'],
  ],
])('%s is refused', (_what, json, expected) => {
  expect(parseWorkflowDocument(json).ok).toBe(false);
  expect(findingsOf(json)).toEqual(expected);
});
