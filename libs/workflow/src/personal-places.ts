import { innerMachines, type State, type StateMachine } from '@baton/asl';
import type { Json } from '@baton/contracts';
import { machineOfDocument } from './document/machine-of-document.js';
import { parseResource } from './document/resource.js';
import type { PersonalMark, WorkflowDocument } from './document/workflow-document.js';
import type { RunOrder } from './orders.js';
import type { RunState, StartedRun } from './state/run-state.js';

/** What an order brings that its workflow marks as personal. */
export interface PersonalPlaces {
  /** By the pointer to whom it is about, in the input of the run: the places within what the order brings. */
  readonly marks: readonly { readonly subject: string; readonly places: readonly string[] }[];
  /** The input of the run. */
  readonly input: Json;
}

/** Of the input of a run, the output of a task, the data of a signal or what a person hands in; null where nothing is marked. */
export function personalPlaces(order: RunOrder, run: RunState): PersonalPlaces | null {
  if (order.type === 'StartRun') return ofInput(order.document, order.submission.input);
  if (run.status === 'new' || run.document.personal === undefined) return null;
  switch (order.type) {
    case 'CompleteTask':
      return ofResults(run, statesOfCommand(run, order.commandId));
    case 'DecideApproval':
      return order.output === undefined ? null : ofResults(run, statesOfCommand(run, order.approvalId));
    case 'SignalRun':
      return ofResults(run, statesFor(order.name, run.document));
    default:
      return null;
  }
}

/** What of an input a workflow marks; null where that is nothing. */
export const ofInput = ({ personal = [] }: WorkflowDocument, input: Json): PersonalPlaces | null =>
  notEmpty({ marks: personal.map(({ subject, input: places = [] }) => ({ subject, places })), input });

const ofResults = ({ document, input }: StartedRun, states: readonly string[]): PersonalPlaces | null =>
  notEmpty({ marks: (document.personal ?? []).map((mark) => markOf(mark, states)), input });

const markOf = ({ subject, results = {} }: PersonalMark, states: readonly string[]) => ({
  subject,
  places: states.flatMap((state) => (Object.hasOwn(results, state) ? (results[state] ?? []) : [])),
});

function notEmpty({ marks, input }: PersonalPlaces): PersonalPlaces | null {
  const some = marks.filter(({ places }) => places.length > 0);
  return some.length === 0 ? null : { marks: some, input };
}

function statesOfCommand(run: StartedRun, commandId: string): readonly string[] {
  const visit = run.visits.get(run.commands.get(commandId)?.visit ?? -1);
  return visit === undefined ? [] : [visit.state];
}

/** Whichever of them will take the signal. */
function statesFor(signal: string, document: WorkflowDocument): readonly string[] {
  const machine = machineOfDocument(document);
  return machine === null ? [] : namesOf(machine, (state) => waitsFor(state, signal));
}

function waitsFor(state: State, signal: string): boolean {
  const resource = state.Type === 'Task' ? parseResource(state.Resource) : null;
  return resource?.type === 'signal' && resource.name === signal;
}

const namesOf = (machine: StateMachine, isWanted: (state: State) => boolean): readonly string[] =>
  Object.entries(machine.States).flatMap(([name, state]) => [
    ...(isWanted(state) ? [name] : []),
    ...innerMachines(state).flatMap((inner) => namesOf(inner.machine, isWanted)),
  ]);
