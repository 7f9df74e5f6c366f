import { ask } from '../model/ask.js';
import type { AskContext } from '../model/exchange.js';
import type { OrFailure } from '../task/or-failure.js';
import type { Plan } from '../task/outputs.js';
import type { RevisePlanArguments } from '../task/task-arguments.js';
import type { Template } from '../templates/template.js';
import { planProblems } from './plan.js';

/** Step 3: the plan again, with an answer to each issue of its review. */
export function revise(
  context: AskContext,
  template: Template,
  { template: _, ...variables }: RevisePlanArguments,
): Promise<OrFailure<Plan>> {
  return ask(context, {
    template,
    variables,
    output: 'Plan',
    check: (plan) => [...planProblems(plan), ...unanswered(plan, variables)],
  });
}

function unanswered(
  plan: Plan,
  { review, comments }: Pick<RevisePlanArguments, 'review' | 'comments'>,
): readonly string[] {
  const answered = new Set(plan.answers.map((answer) => answer.issueId));
  const without = (list: readonly { readonly id: string }[], what: string): readonly string[] =>
    list.filter(({ id }) => !answered.has(id)).map(({ id }) => `answers: there is none to the ${what} ${id}`);
  return [...without(review.issues, 'issue'), ...without(comments, 'comment')];
}
