import type { PipelineFacts } from '@baton/workflow-builder';

/** Shapes of what the steps of ml-pipeline answer, and the workflow around them. */

export const text = (maxLength: number) => ({ type: 'string', maxLength });
export const list = (items: object, maxItems: number) => ({ type: 'array', maxItems, items: { ...items } });
export const object = <const Properties extends object>(properties: Properties) => ({
  type: 'object',
  required: Object.keys(properties),
  additionalProperties: false,
  properties,
});
export const cell = { type: ['string', 'number', 'boolean', 'null'] };

export const facts: PipelineFacts = {
  name: 'ml-pipeline',
  version: '1.3.0',
  title: 'Learn to predict a column, validate, release',
  description:
    'Where the set-up of the workspace brings scikit-learn, that learns; else a tester and a programmer write code that does. It is run on the data. What the model is worth is measured by the workflow itself, on rows that the training did not see; below the accuracy asked for, nothing is released. Where that is wanted and a person approves, it is deployed.',
  input: {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    required: ['goal', 'target'],
    anyOf: [{ required: ['rows'] }, { required: ['table', 'workspace'] }],
    additionalProperties: false,
    properties: {
      goal: {
        type: 'string',
        minLength: 1,
        maxLength: 5000,
        pattern: '\\S',
        description: 'What the prediction is for.',
      },
      target: { type: 'string', minLength: 1, maxLength: 200, description: 'The column to be predicted.' },
      rows: {
        type: 'array',
        minItems: 8,
        maxItems: 300,
        description: 'The data. Every fourth row that has a target is held back to measure with.',
        items: { type: 'object', maxProperties: 100, propertyNames: { maxLength: 200 }, additionalProperties: cell },
      },
      table: {
        type: 'string',
        minLength: 1,
        maxLength: 200,
        description: 'Instead of rows: the path of a .csv or .tsv file of the workspace, of at most 1,000 rows.',
      },
      workspace: {
        type: 'object',
        description: 'The files that the table is among, uploaded before (`--workspace DIR` does both).',
        required: ['tree'],
        properties: { tree: { type: 'string', pattern: '^[0-9a-f]{64}$' } },
      },
      deploy: {
        type: 'boolean',
        default: false,
        description: 'Whether a person is asked to have the model deployed, to the folder of the operator’s choice.',
      },
      minimumAccuracy: {
        type: 'number',
        minimum: 0,
        maximum: 1,
        default: 0.7,
        description:
          'The share of the held-back rows that has to be predicted rightly; below it the run fails and nothing is released.',
      },
    },
  },
  output: {
    released: true,
    target: '{% $input.target %}',
    model: '{% $model %}',
    measured: '{% $measured %}',
    validation: '{% $validation %}',
    release: '{% $release %}',
    data: '{% $data %}',
    features: '{% $features %}',
    trainer: '{% $trainer %}',
    files: '{% $append($code.files, $trained.files) %}',
    testCommand: '{% $code.testCommand %}',
    toolReport: '{% $toolReport %}',
    deployment: '{% $deployment %}',
  },
};
