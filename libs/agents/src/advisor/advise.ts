import { type Advice, JsonObject } from '@baton/contracts';
import { ask } from '../model/ask.js';
import type { AskContext } from '../model/exchange.js';
import type { OrFailure } from '../task/or-failure.js';
import type { AdviceArguments } from '../task/task-arguments.js';
import type { Template } from '../templates/template.js';

/**
 * One of the legal moves of a decision point, with reasons. Whether the move is on the list is not checked here: the hub
 * refuses one that is not, and puts on record that it was given.
 */
export function advise(
  context: AskContext,
  template: Template,
  { template: _, ...variables }: AdviceArguments,
): Promise<OrFailure<Advice>> {
  return ask(context, { template, variables: JsonObject.parse(variables), output: 'Advice', check: () => [] });
}
