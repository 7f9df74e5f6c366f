import { errorAt, type Finding, pointerTo, type State } from '@baton/asl';
import { type DoneBy, didYouMean } from '@baton/contracts';
import { canBeByHand } from '../document/can-be-by-hand.js';
import { workerKindOf } from '../document/resource.js';
import type { WorkflowDocument } from '../document/workflow-document.js';
import { statesOfDocument } from './states-of.js';

/** Why a person cannot do a step by hand; null where one can. */
function problemOf(name: string, states: ReadonlyMap<string, State>): string | null {
  const state = states.get(name);
  if (state === undefined) return `the definition has no state ${name}.${didYouMean(name, [...states.keys()])}`;
  const kind = state.Type === 'Task' ? workerKindOf(state.Resource) : null;
  if (kind === null) return `${name} is no work of a worker, and so nothing that a person can do instead of one`;
  return !canBeByHand(kind) ? `what a ${kind} does cannot be done by hand: it is bound to what it ran itself` : null;
}

/** What is wrong with the steps that a person is to do in runs of a document, each with the name of its state. */
export function byHandProblems(
  document: WorkflowDocument,
  by: DoneBy | undefined,
): readonly { readonly state: string; readonly problem: string }[] {
  if (by === undefined) return [];
  const states = statesOfDocument(document);
  return Object.keys(by).flatMap((state) => {
    const problem = problemOf(state, states);
    return problem === null ? [] : [{ state, problem }];
  });
}

/** The same of a document itself. That a state is not there is said of its step already. */
export const checkByHand = ({ steps = {} }: WorkflowDocument, states: ReadonlyMap<string, State>): readonly Finding[] =>
  Object.entries(steps).flatMap(([name, { by }]) => {
    const problem = by === undefined || !states.has(name) ? null : problemOf(name, states);
    return problem === null ? [] : [errorAt(pointerTo(pointerTo('/steps', name), 'by'), 'schema', problem)];
  });
