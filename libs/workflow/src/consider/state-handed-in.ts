import { didYouMean, type Json, type JsonObject, type RunId } from '@baton/contracts';
import { decide } from '../decide.js';
import { machineOfDocument } from '../document/machine-of-document.js';
import type { WorkflowDocument } from '../document/workflow-document.js';
import type { OrderMeta } from '../orders.js';
import { rebuild } from '../rebuild.js';
import type { RunCut, StartedRun } from '../state/run-state.js';

/** A state of a document as it is about to begin, and what a run would know by then. */
export interface StateHandedIn {
  readonly document: WorkflowDocument;
  readonly sha256: string;
  /** Of the outermost machine. */
  readonly state: string;
  /** What the state is given. */
  readonly input: Json;
  readonly variables: JsonObject;
  /** The input of the whole run. */
  readonly runInput: JsonObject;
  /** The phase that the run is in. */
  readonly phase: string | null;
  /** Of the rounds before, oldest first: rules look at where scores go. */
  readonly scores: StartedRun['scores'];
  /** How many tasks failed before. */
  readonly errorCount: number;
}

type Made =
  | { readonly ok: true; readonly cut: RunCut }
  | { readonly ok: false; readonly reason: string; readonly next: string; readonly pointer: string };

/** A run in front of that state, fit to go on from. */
export async function cutOfState(given: StateHandedIn, runId: RunId, meta: OrderMeta): Promise<Made> {
  const { document, sha256, state, input, variables, runInput, phase, scores, errorCount } = given;
  const machine = machineOfDocument(document);
  const names = Object.keys(machine?.States ?? {});
  if (!names.includes(state)) {
    const reason = `The workflow ${document.name} has no state ${state} in its outermost machine.${didYouMean(state, names)}`;
    return { ok: false, reason, next: `Its states: ${names.slice(0, 50).join(', ')}.`, pointer: '/at/state' };
  }
  const submission = { requestId: 'consider', workflow: document.name, input: runInput, runId };
  const held = { requestId: 'consider', reason: '' };
  const started = rebuild(
    await decide({ status: 'new' }, { type: 'StartRun', submission, document, sha256, held }, meta),
  );
  const root = started.status === 'running' ? started.frames.get(0) : undefined;
  if (started.status !== 'running' || root === undefined) {
    return { ok: false, reason: 'The definition cannot run.', next: 'Validate the document.', pointer: '/workflow' };
  }
  const frames = started.frames.set(0, { ...root, value: input, variables, next: state, isNextDecided: true });
  const cut = {
    state: { ...started, frames, phase, scores, errorCount },
    version: started.eventCount,
    isTornDown: false,
  };
  return { ok: true, cut };
}
