import type { JsonObject, WorkspaceMade } from '@baton/contracts';
import { readStandards } from '../context/standards.js';
import { tellChanges, tellDeliverable } from '../context/tell-code.js';
import { tellFiles, tellValue } from '../context/tell-values.js';
import { askLooking } from '../loop/ask-looking.js';
import type { AskContext } from '../model/exchange.js';
import { tellKnownFailures } from '../task/known-failures.js';
import type { OrFailure } from '../task/or-failure.js';
import type { JudgedReview } from '../task/outputs.js';
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
  const { plan, files, documentationLocations } = args;
  const shown = {
    standards: standards.value,
    plan: tellValue(plan),
    files: tellFiles(files, false),
    documentationLocations: tellValue(documentationLocations),
    ...('code' in args
      ? { knownFailures: tellKnownFailures(args.knownFailures), code: tellDeliverable(args.code, true) }
      : {}),
  };
  // The two readers of a round are told the same but for their question.
  const keptAfter = 'code' in args ? ['plan', 'code'] : [];
  const question = { template, variables, shown, keptAfter, output: 'Review', check: () => [] } as const;
  const answer = await askLooking(context, question, made === null ? null : withChanges(made, args));
  if (!answer.ok) return answer;
  const model = context.ledger.facts().model ?? context.model;
  const { id, version, variant, sha256 } = template;
  return { ok: true, value: { ...answer.value, judgedBy: { template: id, version, variant, sha256, model } } };
}

/** What was made of a workspace is judged by what differs from it. */
const withChanges = (workspace: WorkspaceMade, args: Asked): NonNullable<Parameters<typeof askLooking>[2]> => ({
  workspace,
  tell: async (base, tree, store): Promise<JsonObject> =>
    'code' in args ? { code: await tellChanges(args.code, base, tree, store) } : {},
});

type Asked = Omit<ReviewPlanArguments, 'template'> | Omit<ReviewCodeArguments, 'template'>;

/** The versions are for the tools: a model can make nothing of them. */
function withoutVersions({
  code: { workspace: made = null, ...code },
  ...rest
}: Omit<ReviewCodeArguments, 'template'>) {
  return { variables: { ...rest, code }, made };
}
