import type { RunEventOf, RunSnapshot, WorkflowDocument } from '@baton/workflow';
import { List, Map as PersistentMap } from 'immutable';
import { blankRun } from './blank-view.js';
import type { EventMeta, RunFacts, RunFold } from './run-fold.js';
import { enter } from './visits.js';

/** The view of a run that begins with its first state. */
export function startedFold({ data }: RunEventOf<'RunStarted'>, meta: EventMeta): RunFold {
  const { workflow, document, labels, submittedBy, parent } = data;
  const facts = blankRun({
    ...whereItStands(meta),
    workflow: workflow.name,
    workflowVersion: workflow.version,
    status: 'running',
    labels,
    submittedBy,
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
    status: state.isPaused ? 'paused' : 'running',
    labels: state.labels,
    submittedBy: state.submittedBy,
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

function emptyFold(facts: RunFacts, document: WorkflowDocument): RunFold {
  const numbered = Object.entries(document.steps ?? {}).map(([state, { number, title }]) => [state, { number, title }]);
  const phases = (document.phases ?? []).flatMap(({ name, states }) => states.map((state) => [state, name]));
  return {
    facts,
    numbered: Object.fromEntries(numbered),
    phases: Object.fromEntries(phases),
    open: PersistentMap(),
    visitOfFrame: PersistentMap(),
    steps: List(),
    stepCount: 0,
  };
}

/** A snapshot has no open command: each is asked for anew by the events that follow. */
function takeUp(fold: RunFold, { state }: RunSnapshot, at: string): RunFold {
  const visits = state.visits.toSorted((a, b) => a.visit - b.visit);
  const opened = visits.reduce((before, visit) => enter(before, visit, at), fold);
  return { ...opened, facts: { ...opened.facts, phase: state.phase } };
}

function roundsOf(scores: RunFacts['scores']): RunFacts['rounds'] {
  const rounds = new Map<string, number>();
  for (const { phase, round } of scores) rounds.set(phase, Math.max(rounds.get(phase) ?? 0, round));
  return Object.fromEntries(rounds);
}
