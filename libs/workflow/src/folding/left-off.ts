import { BatonErrorName, type JournalPart } from '@baton/contracts';
import type { RunEventOf } from '../events/run-event.js';
import type { StartedRun } from '../state/run-state.js';
import { withVisit } from './fold-frames.js';

/**
 * What a task noted whose share of the budget was too small is where the next one begins, after what it began with itself; the
 * very same run where there is nothing.
 */
export function noteLeftOff(
  run: StartedRun,
  { commandId, error, journaled }: RunEventOf<'TaskFailed'>['data'],
): StartedRun {
  const command = run.commands.get(commandId);
  const visit = run.visits.get(command?.visit ?? -1);
  if (error !== BatonErrorName.budgetExhausted || journaled === undefined) return run;
  if (command?.kind !== 'task' || visit === undefined) return run;
  const leftOff = [...(visit.leftOff ?? []), { commandId: command.commandId, entries: journaled.entries }];
  return { ...run, ...withVisit(run, { ...visit, leftOff }) };
}

/** What a task goes on from, oldest first. @param run as it is while the task is open */
export const continuedParts = (
  { visit, continues = [] }: Pick<RunEventOf<'TaskScheduled'>['data'], 'visit' | 'continues'>,
  run: StartedRun,
): readonly JournalPart[] => [...continues, ...(run.visits.get(visit)?.leftOff ?? [])];
