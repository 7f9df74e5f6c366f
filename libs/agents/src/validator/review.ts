import { ask } from '../model/ask.js';
import type { AskContext } from '../model/exchange.js';
import type { OrFailure } from '../task/or-failure.js';
import type { JudgedReview } from '../task/outputs.js';
import type { ReviewCodeArguments, ReviewPlanArguments } from '../task/task-arguments.js';
import type { Template } from '../templates/template.js';

/** Steps 2, 5 and 7, level 1: scores, issues and a verdict by a model. The schema is all there is to check. */
export async function review(
  context: AskContext,
  template: Template,
  { template: _, ...variables }: ReviewPlanArguments | ReviewCodeArguments,
): Promise<OrFailure<JudgedReview>> {
  const answer = await ask(context, { template, variables, output: 'Review', check: () => [] });
  if (!answer.ok) return answer;
  const model = context.ledger.facts().model ?? context.model;
  const { id, version } = template;
  return { ok: true, value: { ...answer.value, judgedBy: { template: id, version, model } } };
}
