import { ErrorName } from '@baton/asl';
import { BatonErrorName, type RecoveryStrategy } from '@baton/contracts';
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

/**
 * How the rule itself tries a failed task again: by the strategy that fits the error, else by the first one that was not
 * used yet. Null where the workflow declares no recovery, or where it was used up.
 */
export function programmaticRecovery(
  error: string,
  policy: RecoveryPolicy | undefined,
  used: readonly RecoveryStrategy[],
): RecoveryStrategy | null {
  if (policy === undefined || used.length >= policy.most) return null;
  const best = BEST[error];
  if (best !== undefined && policy.strategies.includes(best) && !used.includes(best)) return best;
  return policy.strategies.find((strategy) => !used.includes(strategy)) ?? null;
}

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
