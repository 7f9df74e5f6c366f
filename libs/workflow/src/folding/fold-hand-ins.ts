import { BatonErrorName } from '@baton/contracts';
import type { RunEventOf } from '../events/run-event.js';
import type { StartedRun } from '../state/run-state.js';
import { isDoneByHand, type VisitHandIn } from '../state/visit-hand-in.js';
import { closeCommand, withVisit } from './fold-frames.js';
import { noteOutcome, withFacts } from './fold-tasks.js';

/* Work that people do by hand: handed in, and taken or given back. */

/** The work is there, and goes to a worker to be looked at; null where the answer is none to such a question. */
export function handInWork(run: StartedRun, data: RunEventOf<'ApprovalDecided'>['data']): StartedRun | null {
  const visit = run.visits.get(run.commands.get(data.commandId)?.visit ?? -1);
  const { decision, output, workspace, by } = data;
  if (visit === undefined || decision !== 'answer' || !isDoneByHand(visit)) return null;
  const given = {
    ...(output === undefined ? {} : { output }),
    ...(workspace === undefined ? {} : { workspace }),
    by: `${by.type}:${by.id}`,
  };
  return withHandIn(run, data, { given, problems: null });
}

/** What was handed in does not fit, which is no failure of the run; null where it was something else that failed. */
export function refuseHandIn(run: StartedRun, data: RunEventOf<'TaskFailed'>['data']): StartedRun | null {
  const visit = run.visits.get(run.commands.get(data.commandId)?.visit ?? -1);
  if (visit?.handIn?.given == null || data.error !== BatonErrorName.handInRefused) return null;
  const noted = noteOutcome(run, data, 'refused');
  return withFacts(run, withHandIn(noted, data, { given: null, problems: data.cause }), data);
}

function withHandIn(run: StartedRun, data: { readonly commandId: string }, handIn: VisitHandIn): StartedRun {
  const number = run.commands.get(data.commandId)?.visit ?? -1;
  const closed = closeCommand(run, data, null);
  const visit = closed.visits.get(number);
  return visit === undefined ? closed : { ...closed, ...withVisit(closed, { ...visit, handIn }) };
}
