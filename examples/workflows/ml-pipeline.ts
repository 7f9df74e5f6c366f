/*
 * The shipped workflow ml-pipeline, built as a chain of steps. It gives the same document as workflows/ml-pipeline.yaml:
 *
 *   npx node examples/workflows/ml-pipeline.ts > ml-pipeline.json
 */

import { type Expression, type PipelineFacts, pipeline } from '@baton/workflow-builder';

const text = (maxLength: number) => ({ type: 'string', maxLength });
const list = (items: object, maxItems: number) => ({ type: 'array', maxItems, items: { ...items } });
const object = <const Properties extends object>(properties: Properties) => ({
  type: 'object',
  required: Object.keys(properties),
  additionalProperties: false,
  properties,
});
const cell = { type: ['string', 'number', 'boolean', 'null'] };

const facts: PipelineFacts = {
  name: 'ml-pipeline',
  version: '1.1.0',
  title: 'Learn to predict a column, validate, release',
  description:
    'Five stages: collect, engineer features, train, validate, deploy. The model is a short list of rules. What it is worth is measured by the workflow itself on rows that the training did not see; below the accuracy asked for, nothing is released.',
  input: {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    required: ['goal', 'target', 'rows'],
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
        description: 'The table. Every fourth row that has a target is held back to measure with.',
        items: { type: 'object', maxProperties: 100, propertyNames: { maxLength: 200 }, additionalProperties: cell },
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
  },
};

/** The rows that have a target; every fourth of them is for measuring only. */
const rowsWhere = (condition: string): Expression => `{% [$filter(
  [$filter($input.rows, function($row) { $lookup($row, $input.target) != null })],
  function($row, $index) { ${condition} }
)] %}`;

/** Applies the rules to the rows held back: a fact, where a model could only claim. */
const measure: Expression = `{% (
  $model := $states.result;
  $holds := function($rule, $value) {
    $rule.operator = "is" ? $value = $rule.value
      : $type($value) = "number" and $type($rule.value) = "number"
        ? ($rule.operator = "atLeast" ? $value >= $rule.value : $value < $rule.value)
        : false
  };
  $predict := function($row) {(
    $hits := $filter($model.rules, function($rule) { $holds($rule, $lookup($row, $rule.column)) });
    $count($hits) = 0 ? $model.otherwise : $hits[0].predicts
  )};
  $checked := $count($heldOut);
  $right := $count($filter($heldOut, function($row) { $predict($row) = $lookup($row, $input.target) }));
  $actual := [$heldOut.$lookup($, $input.target)];
  $usual := $max([0, $distinct($actual).(
    $label := $;
    $count($actual[$ = $label])
  )]);
  {
    "checked": $checked,
    "right": $right,
    "accuracy": $checked = 0 ? 0 : $round($right / $checked, 4),
    "baseline": $checked = 0 ? 0 : $round($usual / $checked, 4)
  }
) %}`;

export const mlPipeline = pipeline(facts, [
  {
    name: 'CollectData',
    title: 'Data collection',
    worker: 'prompt',
    template: 'ml_pipeline_collect_data',
    arguments: {
      variables: { goal: '{% $input.goal %}', target: '{% $input.target %}', rows: '{% $input.rows %}' },
      maxOutputTokens: 8000,
    },
    output: object({
      rowCount: { type: 'integer', minimum: 0 },
      columns: list(
        object({
          name: text(200),
          kind: { enum: ['number', 'category', 'unusable'] },
          missing: { type: 'integer', minimum: 0 },
          distinct: { type: 'integer', minimum: 0 },
          note: text(500),
        }),
        200,
      ),
      classes: list(object({ label: cell, count: { type: 'integer', minimum: 0 } }), 50),
      problems: list(text(500), 300),
    }),
    as: 'data',
    assign: { training: rowsWhere('$index % 4 != 3'), heldOut: rowsWhere('$index % 4 = 3') },
  },
  {
    name: 'EngineerFeatures',
    title: 'Feature engineering',
    worker: 'prompt',
    template: 'ml_pipeline_engineer_features',
    arguments: {
      variables: { goal: '{% $input.goal %}', target: '{% $input.target %}', data: '{% $data %}' },
      maxOutputTokens: 8000,
    },
    output: object({
      features: list(object({ column: text(200), kind: { enum: ['number', 'category'] }, why: text(500) }), 200),
      leftOut: list(object({ column: text(200), reason: text(500) }), 200),
    }),
    as: 'features',
  },
  {
    name: 'TrainModel',
    title: 'Model training',
    worker: 'prompt',
    template: 'ml_pipeline_train_model',
    arguments: {
      variables: { target: '{% $input.target %}', features: '{% $features %}', examples: '{% $training %}' },
      maxOutputTokens: 32000,
    },
    output: object({
      rules: list(
        object({ column: text(200), operator: { enum: ['is', 'atLeast', 'below'] }, value: cell, predicts: cell }),
        30,
      ),
      otherwise: cell,
      summary: text(2000),
    }),
    as: 'model',
    assign: { measured: measure },
  },
  {
    name: 'ValidateModel',
    title: 'Validation',
    worker: 'prompt',
    template: 'ml_pipeline_validate_model',
    arguments: {
      variables: {
        goal: '{% $input.goal %}',
        model: '{% $model %}',
        measured: '{% $measured %}',
        data: '{% $data %}',
      },
      maxOutputTokens: 8000,
    },
    output: object({ trustworthy: { type: 'boolean' }, concerns: list(text(1000), 20), summary: text(2000) }),
    as: 'validation',
    passes: '{% $measured.accuracy >= $input.minimumAccuracy and $validation.trustworthy %}',
    whyNot: `{% "The model is right for " & $measured.right & " of " & $measured.checked & " rows held back, a share of "
  & $measured.accuracy & " where " & $input.minimumAccuracy & " is asked for and the most frequent value alone has "
  & $measured.baseline & ". " & $validation.summary %}`,
    onFailure: 'fail',
  },
  {
    name: 'DeployModel',
    title: 'Deployment',
    worker: 'prompt',
    template: 'ml_pipeline_deploy_model',
    arguments: {
      variables: {
        goal: '{% $input.goal %}',
        target: '{% $input.target %}',
        model: '{% $model %}',
        measured: '{% $measured %}',
        validation: '{% $validation %}',
      },
      maxOutputTokens: 8000,
    },
    output: object({
      card: text(100000),
      inputs: list(text(200), 200),
      monitoring: list(text(1000), 200),
      rollback: text(2000),
    }),
    as: 'release',
  },
]);

if (import.meta.main) process.stdout.write(`${JSON.stringify(mlPipeline, null, 2)}\n`);
