import type { DecisionMode } from '@baton/contracts';

/** What `TaskFacts.model` says where a script answered. */
const SCRIPTED = 'offline';

/** Whether a language model answered a task: its result names the model. */
export const isLanguageModel = (model: string | undefined): boolean => model !== undefined && model !== SCRIPTED;

/**
 * The mode of the next decision. `auto` goes by the log alone: where a language model has answered in the run there is one to
 * ask, and where none has, nobody waits for advice that is a script.
 */
export function modeOfRun({
  decisionMode,
  hasModelAnswered,
}: {
  readonly decisionMode: DecisionMode;
  readonly hasModelAnswered: boolean;
}): Exclude<DecisionMode, 'auto'> {
  if (decisionMode !== 'auto') return decisionMode;
  return hasModelAnswered ? 'hybrid' : 'programmatic';
}
