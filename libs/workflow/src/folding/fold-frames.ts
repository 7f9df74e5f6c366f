import type { CommandId, Json } from '@baton/contracts';
import { Map as PersistentMap } from 'immutable';
import type { Question } from '../decision-points/question.js';
import { phaseOf } from '../document/phase-of.js';
import type { RunEventOf } from '../events/run-event.js';
import { commandOrdinal } from '../ids.js';
import type { MapProgress } from '../state/map-progress.js';
import { withReservation } from '../state/reserved.js';
import {
  type CommandState,
  type FrameState,
  type Pending,
  type StartedRun,
  type VisitState,
} from '../state/run-state.js';
import { joinLine, leaveLine } from '../state/waiting-line.js';
import { progressOf, withBegun, withEnded, withMap } from './fold-map.js';

/*
 * How frames, visits and commands open and close. Each function gives back the very same run where the event names
 * something that is not open.
 */

export function startFrame(run: StartedRun, data: RunEventOf<'FrameStarted'>['data']): StartedRun {
  const { frame, parent, machine, input } = data;
  if (run.frames.has(frame)) return run;
  const started = {
    frame,
    parent,
    machine,
    value: input,
    visit: null,
    next: null,
    isNextDecided: false,
    readySince: run.eventCount,
    isDone: false,
  };
  const opened = { ...run, nextFrame: Math.max(run.nextFrame, frame + 1) };
  if (parent === null) return { ...opened, frames: run.frames.set(frame, { ...started, variables: {} }) };
  const visit = run.visits.get(parent.visit);
  const around = visit === undefined ? undefined : run.frames.get(visit.frame);
  if (visit === undefined || around === undefined) return run;
  return {
    ...opened,
    // The frame around waits while its branches run, so its variables stand still: sharing them is reading them.
    frames: run.frames.set(frame, { ...started, variables: around.variables }),
    ...withVisit(run, {
      ...visit,
      pending: null,
      branches: visit.branches.set(parent.branch, frame),
      map: withBegun(visit.map, parent.branch, data),
    }),
  };
}

export function enterState(run: StartedRun, data: RunEventOf<'StateEntered'>['data']): StartedRun {
  const frame = run.frames.get(data.frame);
  if (frame === undefined || run.visits.has(data.visit)) return run;
  const visit: VisitState = {
    visit: data.visit,
    frame: data.frame,
    state: data.state,
    input: frame.value,
    enteredAt: data.enteredAt ?? null,
    attempts: 0,
    retries: [],
    command: null,
    pending: null,
    question: null,
    recoveries: [],
    questions: 0,
    conversation: null,
    handIn: null,
    map: null,
    branches: PersistentMap(),
    outputs: PersistentMap(),
  };
  return {
    ...run,
    frames: run.frames.set(frame.frame, { ...frame, visit: data.visit }),
    ...withVisit(run, visit),
    nextVisit: Math.max(run.nextVisit, data.visit + 1),
    phase: phaseOf(run.document, data.state) ?? run.phase,
  };
}

export function startMap(run: StartedRun, data: RunEventOf<'MapStarted'>['data']): StartedRun {
  const visit = run.visits.get(data.visit);
  if (visit === undefined) return run;
  return { ...run, ...withVisit(run, { ...visit, pending: null, map: progressOf(data) }) };
}

/** @param question what the command asks somebody to decide; null where it is no question */
export function openCommand(run: StartedRun, data: CommandState, question: Question | null): StartedRun {
  const visit = run.visits.get(data.visit);
  if (visit === undefined) return run;
  const { commandId, kind, resource, attempt, notBefore, deadline, heartbeatSeconds, sha256, budget, approval } = data;
  const { questions, recovery } = data;
  const facts = { attempt, notBefore, deadline, heartbeatSeconds, sha256, budget, approval, questions, recovery };
  const command = { commandId, visit: data.visit, kind, resource, ...facts };
  const attempts = kind === 'task' ? attempt : visit.attempts;
  return {
    ...run,
    ...withVisit(run, { ...visit, command: commandId, pending: null, question, attempts }),
    ...withCommand(run, command),
    nextCommand: Math.max(run.nextCommand, commandOrdinal(commandId) + 1),
  };
}

/** @param pending what the visit goes on with; `map` where it is a Map that is further now */
export function closeCommand(
  run: StartedRun,
  data: Pick<CommandState, 'commandId'>,
  pending: Pending | null,
  map?: MapProgress,
): StartedRun {
  const command = run.commands.get(data.commandId);
  if (command === undefined) return run;
  const visit = run.visits.get(command.visit);
  const closed = { ...run, ...withoutCommand(run, command.commandId) };
  if (visit === undefined) return closed;
  return { ...closed, ...withVisit(closed, withMap({ ...visit, command: null, pending }, map)) };
}

/** The visit begins anew, and remembers only how often each retrier was used. */
export function retryState(run: StartedRun, data: RunEventOf<'StateRetried'>['data']): StartedRun {
  const visit = run.visits.get(data.visit);
  if (visit === undefined) return run;
  const length = Math.max(visit.retries.length, data.retrier + 1);
  const used = Array.from({ length }, (_, index) => (visit.retries[index] ?? 0) + (index === data.retrier ? 1 : 0));
  const isAfterTask = visit.pending?.type === 'failure';
  const pending: Pending = { type: 'retry', notBefore: data.notBefore, isAfterTask };
  const cleared = { map: null, branches: visit.branches.clear(), outputs: visit.outputs.clear() };
  const anew = { ...visit, ...cleared, retries: used, pending };
  return { ...run, ...withVisit(run, anew) };
}

export function leaveState(
  run: StartedRun,
  data: {
    readonly visit: number;
    readonly output: Json;
    readonly assign: { readonly [name: string]: Json };
    readonly next: string | null;
    readonly isDecided?: true | undefined;
  },
): StartedRun {
  const frame = run.frames.get(run.visits.get(data.visit)?.frame ?? -1);
  if (frame === undefined) return run;
  const assigned = Object.keys(data.assign).length > 0;
  const left: FrameState = {
    ...frame,
    value: data.output,
    variables: assigned ? { ...frame.variables, ...data.assign } : frame.variables,
    visit: null,
    next: data.next,
    isNextDecided: data.isDecided === true,
    readySince: run.eventCount,
    isDone: data.next === null,
  };
  return { ...run, ...withoutVisit(run, data.visit), frames: run.frames.set(frame.frame, left) };
}

export function failState(run: StartedRun, visit: number): StartedRun {
  const frame = run.frames.get(run.visits.get(visit)?.frame ?? -1);
  if (frame === undefined) return run;
  return { ...run, ...withoutVisit(run, visit), frames: run.frames.set(frame.frame, { ...frame, visit: null }) };
}

type Open = Pick<StartedRun, 'visits' | 'waiting' | 'commands' | 'reserved'>;

/** A visit never leaves a command behind: nobody would wait for its result. */
function withoutVisit(run: StartedRun, visitNumber: number | null): Open {
  const { visits, waiting, commands, reserved } = run;
  const visit = visitNumber === null ? undefined : visits.get(visitNumber);
  if (visit === undefined) return { visits, waiting, commands, reserved };
  return {
    visits: visits.delete(visit.visit),
    waiting: leaveLine(waiting, visit.visit),
    ...(visit.command === null ? { commands, reserved } : withoutCommand(run, visit.command)),
  };
}

/** A visit as it is now, in the line of those that wait for budget or out of it. */
export const withVisit = ({ visits, waiting }: StartedRun, visit: VisitState): Pick<Open, 'visits' | 'waiting'> => ({
  visits: visits.set(visit.visit, visit),
  waiting: visit.pending?.type === 'budget' ? joinLine(waiting, visit.visit) : leaveLine(waiting, visit.visit),
});

export function withCommand(run: StartedRun, command: CommandState): Pick<Open, 'commands' | 'reserved'> {
  const { commands, reserved } = withoutCommand(run, command.commandId);
  return { commands: commands.set(command.commandId, command), reserved: withReservation(reserved, command.budget, 1) };
}

function withoutCommand({ commands, reserved }: StartedRun, id: CommandId): Pick<Open, 'commands' | 'reserved'> {
  const budget = commands.get(id)?.budget ?? null;
  return { commands: commands.delete(id), reserved: withReservation(reserved, budget, -1) };
}

export function endFrame(run: StartedRun, data: RunEventOf<'FrameEnded'>['data']): StartedRun {
  const frame = run.frames.get(data.frame);
  if (frame === undefined) return run;
  const ended = { ...run, ...withoutVisit(run, frame.visit), frames: run.frames.delete(data.frame) };
  if (frame.parent === null) return { ...ended, output: data.output };
  const visit = ended.visits.get(frame.parent.visit);
  if (visit === undefined) return ended;
  const outputs = visit.outputs.set(frame.parent.branch, data.output);
  const map = withEnded(visit.map, frame.parent.branch, false);
  return { ...ended, ...withVisit(ended, { ...visit, outputs, map }) };
}

export function abortFrame(run: StartedRun, data: RunEventOf<'FrameAborted'>['data']): StartedRun {
  const frame = run.frames.get(data.frame);
  if (frame === undefined) return run;
  const aborted = { ...run, ...withoutVisit(run, frame.visit), frames: run.frames.delete(data.frame) };
  const visit = frame.parent === null ? undefined : aborted.visits.get(frame.parent.visit);
  if (data.isTolerated !== true || visit === undefined || frame.parent === null) return aborted;
  const map = withEnded(visit.map, frame.parent.branch, true);
  return { ...aborted, ...withVisit(aborted, { ...visit, map }) };
}
