import type { ForkRun, RunId } from '@baton/contracts';
import { readFactsOfState } from '@baton/event-store';
import { changedCut, cutAt, readEvent } from '@baton/workflow';
import { ProblemError } from '../http/problem.js';
import type { GatewayParts } from '../parts/parts.js';

/**
 * Refuses what a fork shall not have otherwise: the hub would, and whoever asks should know at once.
 *
 * @throws ProblemError 422
 */
export async function refuseWrongChanges(
  { pool, catalog }: Pick<GatewayParts, 'pool' | 'catalog'>,
  runId: RunId,
  { at, set, input }: Pick<ForkRun, 'at' | 'set' | 'input'>,
): Promise<void> {
  if (set === undefined && input === undefined) return;
  const events = await readFactsOfState(pool, runId, at);
  const cut = cutAt(events.map(readEvent), at - events.length);
  // A run that never ran: the hub says so.
  if (cut === null) return;
  const changed = changedCut(cut, { set, input });
  if (!changed.ok) {
    const { code, reason, next, pointer } = changed;
    const detail = code === 'unknown-variable' ? 'is no variable of the run there' : 'cannot be given there';
    throw new ProblemError(reason, { status: 422, code, next, errors: [{ pointer, detail }] });
  }
  const findings =
    changed.runInput === undefined ? [] : await catalog.checks.input(cut.state.document, changed.runInput);
  if (findings.length === 0) return;
  throw new ProblemError(`The input does not fit workflow ${cut.state.workflow.name}.`, {
    status: 422,
    code: 'invalid-input',
    next: `Correct what errors[] points at.`,
    errors: findings.map(({ pointer, detail }) => ({ pointer: `/input${pointer}`, detail })),
  });
}
