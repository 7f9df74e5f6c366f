import type { AskContext } from '../model/exchange.js';
import type { Programming } from '../programmer/programmer-tools.js';
import { writeFromPlan } from '../programmer/write-from-plan.js';
import type { OrFailure } from '../task/or-failure.js';
import type { Deliverable } from '../task/outputs.js';
import type { WriteTestsArguments } from '../task/task-arguments.js';
import type { Template } from '../templates/template.js';

/** Tests against the interfaces of a plan, before there is code. */
export const writeTests =
  (programming: Programming) =>
  (
    context: AskContext,
    template: Template,
    { template: _, ...variables }: WriteTestsArguments,
  ): Promise<OrFailure<Deliverable>> =>
    writeFromPlan(programming, context, template, variables);
