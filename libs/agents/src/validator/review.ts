import { askLooking } from '../loop/ask-looking.js';
import type { AskContext } from '../model/exchange.js';
import { tellKnownFailures } from '../task/known-failures.js';
import type { OrFailure } from '../task/or-failure.js';
import type { JudgedReview } from '../task/outputs.js';
import { readStandards } from '../task/standards.js';
import type { ReviewCodeArguments, ReviewPlanArguments } from '../task/task-arguments.js';
import type { Template } from '../templates/template.js';

/** Steps 2, 5 and 7, level 1: scores, issues and a verdict by a model. The schema is all there is to check. */
export async function review(
  context: AskContext,
  template: Template,
  { template: _, ...args }: ReviewPlanArguments | ReviewCodeArguments,
): Promise<OrFailure<JudgedReview>> {
  const { variables, made } = 'code' in args ? withoutVersions(args) : { variables: args, made: null };
  const standards = await readStandards(context, args.standards, args.files);
  if (!standards.ok) return standards;
  const known = 'code' in args ? { knownFailures: tellKnownFailures(args.knownFailures) } : {};
  const shown = { standards: standards.value, ...known };
  const answer = await askLooking(context, { template, variables, shown, output: 'Review', check: () => [] }, made);
  if (!answer.ok) return answer;
  const model = context.ledger.facts().model ?? context.model;
  const { id, version, variant, sha256 } = template;
  return { ok: true, value: { ...answer.value, judgedBy: { template: id, version, variant, sha256, model } } };
}

/** The versions are for the tools: a model can make nothing of them. */
function withoutVersions({ code: { workspace: made, ...code }, ...rest }: Omit<ReviewCodeArguments, 'template'>) {
  return { variables: { ...rest, code }, made };
}
