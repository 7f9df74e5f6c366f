import type { JsonObject } from '@baton/contracts';
import { parseWorkflowDocument, type WorkflowDocument } from '@baton/workflow';
import { expect, test } from 'vitest';
import { orphansOf } from './orphans-of.js';

const States: JsonObject = {
  Work: { Type: 'Task', Resource: 'baton:worker:planner', Next: 'Good' },
  Good: { Type: 'Choice', Choices: [{ Condition: '{% $states.input.ok %}', Next: 'Done' }], Default: 'Refine' },
  Refine: { Type: 'Task', Resource: 'baton:worker:planner', Next: 'Again' },
  Again: { Type: 'Pass', Next: 'Good' },
  Done: { Type: 'Succeed' },
};

function documentOf(): WorkflowDocument {
  const definition = { QueryLanguage: 'JSONata', StartAt: 'Work', States };
  const parsed = parseWorkflowDocument({ name: 'w', version: '1.0.0', title: 'w', definition });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.findings));
  return parsed.document;
}

const change = (op: 'add' | 'replace', path: string, value: unknown) => ({
  ...{ in: 'workflow' as const, workflow: 'w', version: '1.0.0' },
  ...{ op, path: `/definition/States/${path}`, value },
});

test('a change may leave states that nothing leads to', () => {
  expect(orphansOf(documentOf(), change('replace', 'Good/Default', 'Done'))).toEqual(['Refine', 'Again']);
});

test('a change of one member, or in front of a list that is not there yet, leaves none', () => {
  expect(orphansOf(documentOf(), change('add', 'Work/Arguments/model', 'cheap'))).toEqual([]);
  const retrier = { ErrorEquals: ['Flaky'], MaxAttempts: 0 };
  expect(orphansOf(documentOf(), change('add', 'Work/Retry/0', retrier))).toEqual([]);
});

test('a change after which the document is refused is told apart', () => {
  expect(orphansOf(documentOf(), change('replace', 'Good/Default', 'Nowhere'))).toBeNull();
});
