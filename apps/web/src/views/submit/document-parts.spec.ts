import { expect, test } from 'vitest';
import { takesLineage, takesWorkspace, workerStates } from './document-parts.js';

test('steps that a person may do are those of workers, wherever they are nested', () => {
  const inner = { States: { Deep: { Resource: 'baton:worker:prompt' }, Ask: { Resource: 'baton:approval' } } };
  const definition = {
    States: { Plan: { Resource: 'baton:worker:planner' }, Each: { ItemProcessor: inner }, Both: { Branches: [inner] } },
  };
  expect(workerStates({ definition })).toEqual(['Deep', 'Plan']);
  expect(workerStates({})).toEqual([]);
});

test('whether a run works on a workspace, and on one of several, stands in the schema of its input', () => {
  const schemaOf = (workspace: object) => JSON.parse(JSON.stringify({ properties: { workspace } }));
  expect([takesWorkspace(schemaOf({})), takesLineage(schemaOf({ properties: { tree: {} } }))]).toEqual([true, false]);
  expect(takesLineage(schemaOf({ properties: { lineage: {} } }))).toBe(true);
  expect([takesWorkspace({}), takesLineage({})]).toEqual([false, false]);
});
