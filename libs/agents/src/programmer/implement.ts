import type { AskContext } from '../model/exchange.js';
import type { OrFailure } from '../task/or-failure.js';
import type { Deliverable } from '../task/outputs.js';
import type { ImplementArguments } from '../task/task-arguments.js';
import type { Template } from '../templates/template.js';
import type { Programming } from './programmer-tools.js';
import { writeFromPlan } from './write-from-plan.js';

/** Step 4: from plan to code. */
export const implement =
  (programming: Programming) =>
  (
    context: AskContext,
    template: Template,
    { template: _, ...variables }: ImplementArguments,
  ): Promise<OrFailure<Deliverable>> =>
    writeFromPlan(programming, context, template, variables);
