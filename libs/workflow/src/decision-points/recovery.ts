import { ErrorName } from '@baton/asl';
import { BatonErrorName, RecoveryStrategy } from '@baton/contracts';
import type { RecoveryPolicy } from '../document/workflow-document.js';

/** What may be advised where the workflow says nothing: once or twice, and never what it has no template for. */
const WITHOUT_POLICY: RecoveryPolicy = {
  strategies: ['same', 'extended_timeout', 'escalate_model', 'reduced_scope'],
  most: 2,
};

/** The strategy that fits an error best, if the workflow allows it. */
const BEST: Readonly<Record<string, RecoveryStrategy>> = {
  [ErrorName.timeout]: 'extended_timeout',
  [ErrorName.heartbeatTimeout]: 'same',
  [BatonErrorName.invalidOutput]: 'escalate_model',
  [BatonErrorName.modelRefused]: 'alternate_template',
  [BatonErrorName.modelUnavailable]: 'same',
  [BatonErrorName.workerCrashed]: 'same',
};

const TIMEOUTS: readonly string[] = [ErrorName.timeout, ErrorName.heartbeatTimeout];

/** Whether a strategy changes anything about an error: more time helps only what was late, and less work a budget. */
function canHelp(strategy: RecoveryStrategy, error: string): boolean {
  // What a task cannot read it cannot read again.
  if (error === BatonErrorName.invalidInput) return false;
  if (error === BatonErrorName.budgetExhausted) return strategy === 'reduced_scope';
  return strategy !== 'extended_timeout' || TIMEOUTS.includes(error);
}

/**
 * How the rule itself tries a failed task again: by the strategy that fits the error, else by the first one that can help
 * and was not used yet. Null where the workflow declares no recovery, where it was used up, or where none can help.
 */
export function programmaticRecovery(
  error: string,
  policy: RecoveryPolicy | undefined,
  used: readonly RecoveryStrategy[],
  hasAlternateTemplate: boolean,
): RecoveryStrategy | null {
  const left = allowedRecoveries(policy ?? { strategies: [], most: 1 }, used, hasAlternateTemplate).filter(
    (strategy) => !used.includes(strategy) && canHelp(strategy, error),
  );
  const best = BEST[error];
  return best !== undefined && left.includes(best) ? best : (left[0] ?? null);
}

/** What a person may choose from, however often the task was tried before. */
export const everyRecovery = (hasAlternateTemplate: boolean): readonly RecoveryStrategy[] =>
  RecoveryStrategy.options.filter((strategy) => strategy !== 'alternate_template' || hasAlternateTemplate);

/** The strategies that advice may choose from. */
export function allowedRecoveries(
  policy: RecoveryPolicy | undefined,
  used: readonly RecoveryStrategy[],
  hasAlternateTemplate: boolean,
): readonly RecoveryStrategy[] {
  const { strategies, most } = policy ?? WITHOUT_POLICY;
  if (used.length >= most) return [];
  return strategies.filter((strategy) => strategy !== 'alternate_template' || hasAlternateTemplate);
}
