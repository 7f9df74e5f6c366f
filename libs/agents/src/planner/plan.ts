import { readStandards } from '../context/standards.js';
import { tellFiles, tellValue } from '../context/tell-values.js';
import { askLooking } from '../loop/ask-looking.js';
import type { AskContext } from '../model/exchange.js';
import { fileSetProblems } from '../task/file-set.js';
import type { OrFailure } from '../task/or-failure.js';
import type { Plan } from '../task/outputs.js';
import type { PlanArguments } from '../task/task-arguments.js';
import type { Template } from '../templates/template.js';

/** Step 1: from requirements to a plan. */
export async function plan(
  context: AskContext,
  template: Template,
  { template: _, ...variables }: PlanArguments,
): Promise<OrFailure<Plan>> {
  const standards = await readStandards(context, variables.standards, variables.files);
  if (!standards.ok) return standards;
  const shown = {
    standards: standards.value,
    files: tellFiles(variables.files, false),
    documentationLocations: tellValue(variables.documentationLocations),
  };
  return askLooking(context, { template, variables, shown, output: 'Plan', check: planProblems, asks: true });
}

/** A plan may name only files that a deliverable may hold: found here it costs one repair, found later a whole round. */
export const planProblems = (plan: Plan): readonly string[] =>
  fileSetProblems(plan.files.map(({ path }) => ({ path, content: '' }))).map((problem) => `files: ${problem}`);
