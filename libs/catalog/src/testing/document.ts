import type { WorkflowDocument } from '@baton/workflow';

/** A workflow for tests, with a schema of its input. */
export const document: WorkflowDocument = {
  name: 'two-steps',
  version: '1.0.0',
  title: 'Plan and code',
  input: {
    type: 'object',
    required: ['requirements'],
    properties: { requirements: { type: 'string', minLength: 1 }, language: { enum: ['typescript', 'python'] } },
    additionalProperties: false,
  },
  definition: {
    QueryLanguage: 'JSONata',
    StartAt: 'Plan',
    States: {
      Plan: { Type: 'Task', Resource: 'baton:worker:planner', Next: 'Code' },
      Code: { Type: 'Task', Resource: 'baton:worker:programmer', End: true },
    },
  },
};
