import { readFileSync } from 'node:fs';
import type { Expression } from '@baton/workflow-builder';

/** What trains in ml-pipeline: scikit-learn where the packages of the workspace have it, else code that is written for it. */

const pythonFile = (name: string) => ({
  path: `src/${name}`,
  content: readFileSync(new URL(`ml-pipeline-python/${name}`, import.meta.url), 'utf8'),
});

/** The same interface, by scikit-learn: where the packages of the workspace have it, nobody has to write code. */
export const pythonCode = [pythonFile('train.py'), pythonFile('predict.py')];

/** Whether the set-up of the workspace brought it, as the program itself found. */
export const isUsable = '$lookup($states.result.outputs, "trainer.json").problem = null';

export const foundTrainer: Expression = `{% (
  $found := $lookup($states.result.outputs, "trainer.json");
  ${isUsable}
    ? { "uses": "scikit-learn", "version": $found.version, "python": $found.python, "why": "The set-up of the workspace brings it." }
    : { "uses": "typescript", "version": null, "python": null, "why": "The workspace brings no scikit-learn. "
        & ($states.result.passed ? $found.problem : $states.result.reason) }
) %}`;

/** One of two, by what trains. */
export const byTrainer = (python: string, typescript: string): Expression =>
  `{% $trainer.uses = "scikit-learn" ? ${python} : ${typescript} %}`;

export const isWritten: Expression = '{% $trainer.uses = "typescript" %}';

/** A model as people and models see it: how it decides, and not each of its numbers. */
export const shownModel = byTrainer('$sift($model, function($value, $key) { $key != "parameters" })', '$model');

/** In which language, and beside which packages, the code is run. */
export const running = {
  language: byTrainer('"python"', '"typescript"'),
  workspace: byTrainer('$input.workspace', 'null'),
};
