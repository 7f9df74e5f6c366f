import { type Json, statesThatTakeTime } from '@baton/contracts';
import { frameCount, type RunEventOf, type RunSnapshot, type WorkflowDocument } from '@baton/workflow';
import { List, Map as PersistentMap, Set as PersistentSet } from 'immutable';
import { blankRun } from './blank-view.js';
import { countedSoFar, NO_MAPS, startFrame, startMap } from './maps.js';
import type { EventMeta, RunFacts, RunFold } from './run-fold.js';
import { titleOf } from './title-of.js';
import { enter } from './visits.js';

/** The view of a run that begins with its first state. */
export function startedFold({ data }: RunEventOf<'RunStarted'>, meta: EventMeta): RunFold {
  const { workflow, document, input, labels, submittedBy, parent, decisionMode } = data;
  const facts = blankRun({
    ...whereItStands(meta),
    workflow: workflow.name,
    workflowVersion: workflow.version,
    title: titleOf(input),
    lastStep: lastStepOf(document),
    status: 'running',
    labels,
    submittedBy,
    decisions: { mode: decisionMode, total: 0, bySource: {} },
    parent: parent === undefined ? null : { runId: parent.runId, commandId: parent.commandId },
  });
  return emptyFold(facts, document);
}

/**
 * The view of a run that begins with the state of another: what is open in it is open here, and its rounds and scores
 * are known. Steps, decisions and usage are this run's own, so that nothing counts twice.
 */
export function forkedFold({ data }: RunEventOf<'RunForked'>, meta: EventMeta): RunFold {
  const { document, state } = data.carry;
  const facts = blankRun({
    ...whereItStands(meta),
    workflow: state.workflow.name,
    workflowVersion: state.workflow.version,
    title: titleOf(state.input),
    lastStep: lastStepOf(document),
    status: state.isPaused ? 'paused' : 'running',
    labels: state.labels,
    submittedBy: state.submittedBy,
    decisions: { mode: state.decisionMode, total: 0, bySource: {} },
    forkedFrom: data.from,
    rounds: roundsOf(state.scores),
    scores: state.scores,
  });
  return takeUp(emptyFold(facts, document), data.carry, meta.recordedAt);
}

/** A failed run goes on: the states it takes up are open again, each as a step of its own after the one that failed. */
export function retriedFold(fold: RunFold, { data }: RunEventOf<'RunRetried'>, at: string): RunFold {
  const facts: RunFacts = { ...fold.facts, status: 'running', endedAt: null, error: null, cause: null };
  return takeUp({ ...fold, facts }, data.carry, at);
}

const whereItStands = ({ runId, version, recordedAt }: EventMeta) => ({ runId, version, startedAt: recordedAt });

function lastStepOf({ steps = {} }: WorkflowDocument): number | null {
  const numbers = Object.values(steps).map(({ number }) => number);
  return numbers.length === 0 ? null : Math.max(...numbers);
}

function emptyFold(facts: RunFacts, document: WorkflowDocument): RunFold {
  const steps = new Map(Object.entries(document.steps ?? {}));
  const names = new Set([...steps.keys(), ...statesThatTakeTime(document.definition)]);
  const shown = [...names].map((state) => {
    const { number, title } = steps.get(state) ?? { number: null, title: state };
    return [state, { number, title }];
  });
  const phases = (document.phases ?? []).flatMap(({ name, states }) => states.map((state) => [state, name]));
  return {
    facts,
    shown: Object.fromEntries(shown),
    phases: Object.fromEntries(phases),
    open: PersistentMap(),
    visitOfFrame: PersistentMap(),
    steps: List(),
    stepCount: 0,
    maps: NO_MAPS,
    mapVisits: PersistentSet(),
    frames: PersistentMap(),
  };
}

/** A snapshot has no open command: each is asked for anew by the events that follow. */
function takeUp(fold: RunFold, { state }: RunSnapshot, at: string): RunFold {
  const visits = state.visits.toSorted((a, b) => a.visit - b.visit);
  const opened = visits.reduce((before, visit) => takeUpMap(enter(before, visit, at), visit, state, at), fold);
  return { ...opened, facts: { ...opened.facts, phase: state.phase } };
}

type SnapshotState = RunSnapshot['state'];

/** Outer states come before those inside them, so a frame is known before what is open in it. */
function takeUpMap(fold: RunFold, visit: SnapshotState['visits'][number], state: SnapshotState, at: string): RunFold {
  const own = state.frames.filter(({ parent }) => parent?.visit === visit.visit);
  const { map } = visit;
  const started =
    map === null
      ? fold
      : startMap({ ...fold, mapVisits: fold.mapVisits.add(visit.visit) }, visit.visit, frameCount(map), at);
  const read = new Map(map?.source?.running.map(({ branch, item }) => [branch, item]));
  const itemOf = (branch: number): Json => map?.items[branch] ?? read.get(branch) ?? null;
  const begun = own.reduce(
    (before, { frame, parent }) => startFrame(before, { frame, parent, input: itemOf(parent?.branch ?? 0) }),
    started,
  );
  if (visit.map === null) return begun;
  return countedSoFar(begun, visit.visit, visit.outputs.length, visit.map.failed);
}

function roundsOf(scores: RunFacts['scores']): RunFacts['rounds'] {
  const rounds = new Map<string, number>();
  for (const { phase, round } of scores) rounds.set(phase, Math.max(rounds.get(phase) ?? 0, round));
  return Object.fromEntries(rounds);
}
