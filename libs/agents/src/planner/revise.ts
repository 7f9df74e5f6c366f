import { readStandards } from '../context/standards.js';
import { tellFiles, tellValue } from '../context/tell-values.js';
import { askLooking } from '../loop/ask-looking.js';
import type { AskContext } from '../model/exchange.js';
import { NO_ANSWER, unanswered } from '../task/missing-answers.js';
import type { OrFailure } from '../task/or-failure.js';
import type { Plan } from '../task/outputs.js';
import type { RevisePlanArguments } from '../task/task-arguments.js';
import type { Template } from '../templates/template.js';
import { planProblems } from './plan.js';

/** Step 3: the plan again, with an answer to each issue of its review; one that is forgotten stands there as missing. */
export async function revise(
  context: AskContext,
  template: Template,
  { template: _, ...variables }: RevisePlanArguments,
): Promise<OrFailure<Plan>> {
  const standards = await readStandards(context, variables.standards, variables.files);
  if (!standards.ok) return standards;
  const shown = {
    standards: standards.value,
    files: tellFiles(variables.files, false),
    documentationLocations: tellValue(variables.documentationLocations),
    plan: tellValue(variables.plan),
    review: tellValue(variables.review),
    comments: tellValue(variables.comments),
  };
  const revised = await askLooking(context, {
    template,
    variables,
    shown,
    output: 'Plan',
    check: planProblems,
    asks: true,
  });
  if (!revised.ok) return revised;
  const plan = revised.value;
  const asked = [...variables.review.issues, ...variables.comments].map(({ id }) => id);
  const answered = plan.answers.map(({ issueId }) => issueId);
  const missing = unanswered(asked, answered).map((issueId) => ({ issueId, answer: NO_ANSWER }));
  return { ok: true, value: { ...plan, answers: [...plan.answers, ...missing] } };
}
