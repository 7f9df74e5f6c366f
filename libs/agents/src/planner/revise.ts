import { ask } from '../model/ask.js';
import type { AskContext } from '../model/exchange.js';
import type { Outcome } from '../outcome.js';
import type { Plan, Review } from '../outputs.js';
import type { RevisePlanArguments } from '../task-arguments.js';
import type { Template } from '../templates/template.js';
import { planProblems } from './plan.js';

/** Step 3: the plan again, with an answer to each issue of its review. */
export function revise(
  context: AskContext,
  template: Template,
  { template: _, ...variables }: RevisePlanArguments,
): Promise<Outcome<Plan>> {
  return ask(context, {
    template,
    variables,
    output: 'Plan',
    check: (plan) => [...planProblems(plan), ...unansweredIssues(plan, variables.review)],
  });
}

function unansweredIssues(plan: Plan, review: Review): readonly string[] {
  const answered = new Set(plan.answers.map((answer) => answer.issueId));
  return review.issues
    .filter((issue) => !answered.has(issue.id))
    .map((issue) => `answers: there is none to the issue ${issue.id}`);
}
