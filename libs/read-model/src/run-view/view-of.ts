import {
  assertNever,
  childRunIdOf,
  commandIdOf,
  type KeptFact,
  type RunId,
  type RunView,
  type WaitingFor,
} from '@baton/contracts';
import { parseResource } from '@baton/workflow';
import type { OpenVisit, RunFold, Wait } from './run-fold.js';

const MOST_WAITS = 100;
const MOST_KEPT = 100;

/** In the order in which they were entered. */
export const openVisits = ({ open }: RunFold): readonly OpenVisit[] => {
  const visits: OpenVisit[] = [];
  open.forEach((visit) => {
    visits.push(visit);
  });
  return visits.sort((a, b) => a.visit - b.visit);
};

/** What the fold shows of its run. */
export function viewOf(fold: RunFold, visits = openVisits(fold)): RunView {
  const { facts, steps, maps } = fold;
  return {
    ...facts,
    currentStates: [...new Set(visits.map(({ state }) => state))],
    waitingFor: waitsOf(facts.runId, visits),
    kept: keptOf(visits),
    steps: steps.toArray(),
    maps: maps.toArray().map(({ visit: _, ...map }) => map),
  };
}

/** In the order in which they came. */
function keptOf(visits: readonly OpenVisit[]): KeptFact[] {
  return visits
    .flatMap(({ state, kept }) => (kept === null ? [] : [{ state, ...kept }]))
    .sort((a, b) => a.sinceMs - b.sinceMs)
    .slice(0, MOST_KEPT)
    .map(({ state, what, sinceMs }) => ({ state, what, since: new Date(sinceMs).toISOString() }));
}

/** Commands are numbered in the order in which they were asked for. */
function waitsOf(runId: RunId, visits: readonly OpenVisit[]): WaitingFor[] {
  const waiting: { readonly state: string; readonly wait: Wait }[] = [];
  for (const { state, wait } of visits) if (wait !== null) waiting.push({ state, wait });
  return waiting
    .sort((a, b) => a.wait.ordinal - b.wait.ordinal)
    .flatMap(({ state, wait }) => waitOf(runId, state, wait))
    .slice(0, MOST_WAITS);
}

export const TIMER = 'timer:';
export const TOKEN = 'token';

function waitOf(runId: RunId, state: string, { ordinal, what, sinceMs }: Wait): readonly WaitingFor[] {
  const since = new Date(sinceMs).toISOString();
  if (what.startsWith(TIMER)) return [{ kind: 'timer', state, dueAt: what.slice(TIMER.length), since }];
  if (what === TOKEN) return [{ kind: 'token', state, since }];
  const asked = parseResource(what);
  const commandId = commandIdOf(runId, ordinal);
  switch (asked?.type) {
    case 'approval':
      return [{ kind: 'approval', state, approvalId: commandId, since }];
    case 'signal':
      return [{ kind: 'signal', state, name: asked.name, since }];
    case 'workflow':
      return [{ kind: 'run', state, runId: childRunIdOf(commandId), workflow: asked.ref ?? '', since }];
    // The hub does it at once.
    case 'lineage':
    case 'publish':
    case 'worker':
    case undefined:
      return [];
    default:
      return assertNever(asked);
  }
}
