/*
 * The shipped workflow ml-pipeline, built as a chain of steps. It gives the same document as workflows/ml-pipeline.yaml:
 *
 *   npx node examples/workflows/ml-pipeline.ts > ml-pipeline.json
 */

import { type Expression, pipeline } from '@baton/workflow-builder';
import { cell, facts, list, object, text } from './ml-pipeline-facts.ts';
import {
  byTrainer,
  foundTrainer,
  isUsable,
  isWritten,
  pythonCode,
  running,
  shownModel,
} from './ml-pipeline-trainer.ts';

/** The rows that have a target; every fourth of them is for measuring only. */
const rowsWhere = (condition: string): Expression => `{% [$filter(
  [$filter($rows, function($row) { $lookup($row, $input.target) != null })],
  function($row, $index) { ${condition} }
)] %}`;

/** What the code has to be, for whoever tests it and whoever writes it. */
const contract = `src/model.ts exports
  train(table: { target: string; features: readonly { column: string; kind: 'number' | 'category' }[]; rows: readonly Row[] }): Model
  predict(model: Model, row: Row): Cell
  where Cell is string | number | boolean | null and Row is Readonly<Record<string, Cell>>. A Model is plain JSON: written and read
  again it predicts the same. train learns from the rows that have a target, never looks at the target as a feature, and throws
  an Error that names the target where fewer than two values of it occur. predict takes rows with missing cells, unseen values
  and unknown columns. The same table gives the same model.
src/train.ts is run as \`node src/train.ts TRAINING MODEL\`: it reads such a table as JSON and writes the model as JSON.
src/predict.ts is run as \`node src/predict.ts MODEL ROWS PREDICTIONS\`: it reads a model and a JSON list of rows, and writes the JSON
list of what it predicts for each, in their order.
Both end with exit code 1 and one sentence on stderr where they cannot do that. Paths are relative to the working folder.`;

/** Holds what was predicted for the rows held back to what is true of them: a fact, where a model could only claim. */
const measure: Expression = `{% (
  $predictions := $append([], $lookup($states.result.outputs, "predictions.json"));
  $checked := $count($heldOut);
  $right := $count($filter($heldOut, function($row, $index) { $predictions[$index] = $lookup($row, $input.target) }));
  $actual := [$heldOut.$lookup($, $input.target)];
  $usual := $max([0, $distinct($actual).(
    $label := $;
    $count($actual[$ = $label])
  )]);
  {
    "checked": $checked,
    "right": $right,
    "accuracy": $checked = 0 ? 0 : $round($right / $checked, 4),
    "baseline": $checked = 0 ? 0 : $round($usual / $checked, 4),
    "predicted": [$distinct($predictions)]
  }
) %}`;

/** Makes the same folder however often it runs. */
const deployCommand = {
  command: `set -e
model="\${BATON_DEPLOY_DIR:?the operator names no folder}/model"
rm -rf "$model.new"
mkdir -p "$model.new/src"
cp model.json "$model.new/"
cp src/* "$model.new/src/"
rm -rf "$model"
mv "$model.new" "$model"
ls -R "$model"`,
  timeoutSeconds: 60,
  idempotent: true,
};

export const mlPipeline = pipeline(facts, [
  {
    name: 'ReadTable',
    title: 'Table of the workspace',
    worker: 'validator',
    when: '{% $exists($input.table) %}',
    arguments: { table: '{% $input.table %}', workspace: '{% $input.workspace %}' },
    as: 'table',
  },
  {
    name: 'CollectData',
    title: 'Data collection',
    worker: 'prompt',
    template: 'ml_pipeline_collect_data',
    arguments: {
      variables: {
        goal: '{% $input.goal %}',
        target: '{% $input.target %}',
        rows: '{% [($table = null ? $input.rows : $table.rows)[[0..299]]] %}',
      },
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
    assign: {
      rows: '{% $table = null ? $input.rows : $table.rows %}',
      pythonCode,
      trainer: {
        uses: 'typescript',
        version: null,
        python: null,
        why: 'There is no workspace, whose set-up could bring scikit-learn.',
      },
    },
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
    assign: { training: rowsWhere('$index % 4 != 3'), heldOut: rowsWhere('$index % 4 = 3') },
  },
  {
    name: 'FindTrainer',
    title: 'What trains',
    worker: 'validator',
    when: '{% $exists($input.workspace) %}',
    arguments: {
      job: { program: 'src/train.py', arguments: ['--check', 'trainer.json'], writes: ['trainer.json'] },
      language: 'python',
      files: '{% $pythonCode %}',
      workspace: '{% $input.workspace %}',
      writtenBy: 'workflow',
    },
    as: 'trainer',
    keep: foundTrainer,
    assign: {
      code: `{% ${isUsable} ? { "files": $pythonCode, "notes": "", "testCommand": null, "writtenBy": "workflow" } : null %}`,
    },
    // A set-up may take ten minutes by itself.
    timeoutSeconds: 1800,
  },
  {
    name: 'WriteTests',
    title: 'Tests of the training code',
    worker: 'tester',
    when: isWritten,
    template: 'ml_pipeline_tester',
    arguments: {
      variables: { interface: contract, target: '{% $input.target %}', features: '{% $features.features %}' },
      language: 'typescript',
      testFiles: ['/test/'],
    },
    as: 'tests',
    timeoutSeconds: 1800,
  },
  {
    name: 'WriteTrainer',
    title: 'Training code',
    worker: 'programmer',
    when: isWritten,
    template: 'ml_pipeline_programmer',
    arguments: {
      variables: {
        interface: contract,
        target: '{% $input.target %}',
        features: '{% $features.features %}',
        report: '{% $toolReport = null ? null : [$toolReport.tools[status = "failed"]] %}',
      },
      language: 'typescript',
      files: '{% $code = null ? $tests.files : $code.files %}',
      writtenBy: '{% $code = null ? $tests.writtenBy : $code.writtenBy %}',
      protectedFiles: ['/test/'],
    },
    as: 'code',
    timeoutSeconds: 3600,
  },
  {
    name: 'CheckTrainer',
    title: 'Checks of the training code',
    worker: 'validator',
    when: isWritten,
    arguments: {
      tools: true,
      language: 'typescript',
      files: '{% $code.files %}',
      testCommand: '{% $code.testCommand %}',
      writtenBy: '{% $code.writtenBy %}',
    },
    as: 'toolReport',
    passes: '{% $toolReport.passed %}',
    whyNot: `{% "The code that learns did not pass: " & ($exists($toolReport.reason) and $toolReport.reason != null
  ? $toolReport.reason : $join([$toolReport.tools.findings.message][[0..4]], " ")) %}`,
    onFailure: 'WriteTrainer',
    maxReturns: 2,
  },
  {
    name: 'TrainModel',
    title: 'Model training',
    worker: 'validator',
    arguments: {
      job: {
        program: byTrainer('"src/train.py"', '"src/train.ts"'),
        arguments: ['training.json', 'model.json'],
        timeoutSeconds: 600,
        writes: ['model.json'],
      },
      ...running,
      files: '{% $code.files %}',
      data: [
        {
          path: 'training.json',
          content:
            '{% $string({ "target": $input.target, "features": [$features.features.{ "column": column, "kind": kind }], "rows": $training }) %}',
        },
      ],
      writtenBy: '{% $code.writtenBy %}',
    },
    as: 'trained',
    assign: { model: '{% $states.result.passed ? $lookup($states.result.outputs, "model.json") : null %}' },
    passes: '{% $trained.passed %}',
    whyNot: '{% "Nothing was learnt. " & $trained.reason %}',
    onFailure: 'fail',
  },
  {
    name: 'TestModel',
    title: 'Measurement on rows held back',
    worker: 'validator',
    arguments: {
      job: {
        program: byTrainer('"src/predict.py"', '"src/predict.ts"'),
        arguments: ['model.json', 'held-out.json', 'predictions.json'],
        writes: ['predictions.json'],
      },
      ...running,
      files: '{% $code.files %}',
      data: `{% $append($trained.files, [{
  "path": "held-out.json",
  "content": $string([$heldOut.$sift($, function($value, $column) { $column != $input.target })])
}]) %}`,
      writtenBy: '{% $code.writtenBy %}',
    },
    as: 'predicted',
    assign: { measured: measure },
    passes: '{% $predicted.passed %}',
    whyNot: '{% "Nothing was predicted. " & $predicted.reason %}',
    onFailure: 'fail',
  },
  {
    name: 'ValidateModel',
    title: 'Validation',
    worker: 'prompt',
    template: 'ml_pipeline_validate_model',
    arguments: {
      variables: {
        goal: '{% $input.goal %}',
        model: shownModel,
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
    name: 'WriteRelease',
    title: 'Papers of the release',
    worker: 'prompt',
    template: 'ml_pipeline_deploy_model',
    arguments: {
      variables: {
        goal: '{% $input.goal %}',
        target: '{% $input.target %}',
        model: shownModel,
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
  {
    name: 'ApproveDeployment',
    title: 'Approval of the deployment',
    worker: 'approval',
    when: '{% $input.deploy %}',
    arguments: {
      title: 'Deploy the model',
      about: 'deployment',
      tree: '{% $trained.tree %}',
      deploy: deployCommand,
      measured: '{% $measured %}',
      card: '{% $release.card %}',
    },
    timeoutSeconds: 604800,
    as: 'approval',
    passes: '{% $approval.decision = "approve" %}',
    whyNot: '{% "The deployment was not approved: " & $approval.comment %}',
    onFailure: 'fail',
  },
  {
    name: 'DeployModel',
    title: 'Deployment',
    worker: 'deployer',
    when: '{% $input.deploy %}',
    arguments: { tree: '{% $trained.tree %}', deploy: deployCommand, approval: '{% $approval %}' },
    // Safe to ask again: what was deployed under an approval is not deployed anew.
    retry: [{ ErrorEquals: ['Baton.WorkerCrashed'], IntervalSeconds: 2, MaxAttempts: 3 }],
    as: 'deployment',
  },
]);

if (import.meta.main) process.stdout.write(`${JSON.stringify(mlPipeline, null, 2)}\n`);
