import type { StateMachine } from '@baton/asl';
import { BatonErrorName } from '@baton/contracts';
import { machineOfDocument } from '../document/machine-of-document.js';
import type { RunEvent } from '../events/run-event.js';
import { runDeadlineMs } from '../interpreter/turn/time-limit.js';
import { rebuild } from '../rebuild.js';
import { NOTHING_RESERVED } from '../state/reserved.js';
import type { Pending, RunCut, StartedRun, VisitState } from '../state/run-state.js';

/**
 * The run after the given events. Where they end in the middle of a failure or a cancellation, or with the end of the
 * run, it is taken as it was before that: nobody can go on from half a failure.
 *
 * @param events a run's first events, or those from one on that holds its whole state
 * @param before how many events came before those
 * @returns null where there is nothing to go on from: no event, or a definition that cannot run
 */
export function cutAt(events: readonly RunEvent[], before = 0): RunCut | null {
  let kept = withoutLateEvents(events);
  while (kept > 0 && isTearingDown(events[kept - 1])) kept -= 1;
  const state = rebuild(events.slice(0, kept));
  if (state.status !== 'running' || machineOfDocument(state.document) === null) return null;
  const left = events.slice(kept);
  return {
    state,
    version: before + kept,
    isTornDown: left.some(({ type }) => type !== 'RunSucceeded' && !mayComeLate(type)),
  };
}

/** Advice in shadow, and what people think of the run. */
const mayComeLate = (type: RunEvent['type']): boolean =>
  type === 'AdviceGiven' || type === 'AdviceFailed' || type === 'RunRated';

/** How many events there are up to the end of the run: some may have come after it. */
function withoutLateEvents(events: readonly RunEvent[]): number {
  const last = events.findLastIndex(({ type }) => !mayComeLate(type));
  return isEnd(events[last]) ? last + 1 : events.length;
}

const isEnd = (event: RunEvent | undefined): boolean =>
  event?.type === 'RunSucceeded' || event?.type === 'RunFailed' || event?.type === 'RunCancelled';

function isTearingDown(event: RunEvent | undefined): boolean {
  switch (event?.type) {
    case 'StateFailed':
    case 'CommandCancelled':
    case 'RunFailed':
    case 'RunCancelled':
    case 'RunSucceeded':
      return true;
    case 'FrameAborted':
      return event.data.isTolerated !== true;
    case 'AdviceFailed':
      // Advice in shadow that nobody wants any more is dropped just before the run ends: today, where it is cancelled.
      return event.data.error === BatonErrorName.cancelled;
    default:
      return false;
  }
}

/**
 * The state of a cut without its commands, whose results go elsewhere or came to nothing: each is asked for anew when
 * the run goes on. A wait keeps its instant.
 */
export function reopen({ state, isTornDown }: RunCut, machine: StateMachine): StartedRun {
  const deadlineMs = runDeadlineMs(state, machine);
  const anew = (visit: VisitState): VisitState => {
    const command = visit.command === null ? undefined : state.commands.get(visit.command);
    const isAnswered = !isTornDown && visit.question !== null && visit.pending !== null;
    const told = isAnswered ? visit.pending : toldBefore(visit, isTornDown);
    // One that would have ended with the time of the run is measured anew, with the run's time.
    const due =
      command?.kind !== 'timer' || Date.parse(command.deadline ?? '') === deadlineMs ? null : command.deadline;
    return {
      ...visit,
      command: null,
      question: isAnswered ? visit.question : null,
      pending: due === null ? told : waitUntil(visit, due),
      attempts: command?.kind === 'task' && isTry(visit) ? visit.attempts - 1 : visit.attempts,
      retries: isTornDown ? [] : visit.retries,
    };
  };
  return {
    ...state,
    visits: state.visits.map(anew),
    commands: state.commands.clear(),
    reserved: NOTHING_RESERVED,
    shadows: state.shadows.clear(),
    isPaused: false,
    unfinished: null,
    parent: null,
  };
}

/** A question of a task is no try of it, nor is work by hand. */
const isTry = ({ conversation, handIn }: VisitState): boolean => conversation?.answer !== null && handIn === null;

/** What a visit goes on with that waits for no answer: who was to decide is asked again, and what failed begins anew. */
function toldBefore({ pending, question }: VisitState, isTornDown: boolean): Pending | null {
  if (question !== null)
    return isTornDown || question.failure === null ? null : { type: 'failure', ...question.failure };
  return isTornDown && pending?.type === 'failure' ? null : pending;
}

/** A Wait has no retriers: a visit that was retried waits for its next attempt. */
const waitUntil = (visit: VisitState, until: string): Pending =>
  visit.retries.length > 0 ? { type: 'retry', notBefore: until, isAfterTask: false } : { type: 'wait', until };
