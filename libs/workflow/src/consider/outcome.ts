import type { ApprovalAnswer, Json } from '@baton/contracts';
import { parseResource } from '../document/resource.js';
import type { RunOrder } from '../orders.js';
import type { CommandState, StartedRun } from '../state/run-state.js';

/** What came of a task, of a question to a person, or as a signal. `state` says of which, where several are open. */
export type Outcome = { readonly state?: string | undefined } & (
  | { readonly output: Json }
  | { readonly error: string; readonly cause?: string | undefined; readonly retryable?: boolean | undefined }
  | {
      readonly decision: ApprovalAnswer;
      readonly comment?: string | undefined;
      readonly move?: string | undefined;
    }
);

interface Misfit {
  readonly reason: string;
  readonly next: string;
  readonly pointer: string;
}

const POINTER = '/outcome';

/** The order by which the hub would tell the run of it. */
export function orderOfOutcome(run: StartedRun, outcome: Outcome): { readonly order: RunOrder } | Misfit {
  const open = [...run.commands.values()].filter(({ kind }) => kind === 'task');
  const stateOf = ({ visit }: CommandState): string => run.visits.get(visit)?.state ?? '';
  const meant = outcome.state === undefined ? open : open.filter((command) => stateOf(command) === outcome.state);
  const [command, ...others] = meant;
  const names = [...new Set(open.map(stateOf))];
  if (command === undefined || others.length > 0) {
    const next = names.length === 0 ? 'Leave outcome out.' : `Name one of ${names.join(', ')} in outcome.state.`;
    if (command === undefined) return misfit('The run waits for no such thing.', next);
    return misfit(`${meant.length} things are open there.`, next);
  }
  const order = orderFor(command, outcome, stateOf(command));
  return 'reason' in order && 'pointer' in order ? order : { order };
}

function orderFor(command: CommandState, outcome: Outcome, state: string): RunOrder | Misfit {
  const { commandId } = command;
  const resource = parseResource(command.resource ?? '');
  if (resource?.type === 'approval') {
    if (!('decision' in outcome))
      return misfit(`${state} asks a person.`, 'Give decision, and a comment where it needs one.');
    const { decision, comment = '', move } = outcome;
    return { type: 'DecideApproval', requestId: 'consider', approvalId: commandId, decision, comment, move };
  }
  if ('decision' in outcome) return misfit(`${state} asks no person.`, 'Give output, or error.');
  if (resource?.type === 'signal') {
    if (!('output' in outcome)) return misfit(`${state} waits for a signal.`, 'Give its data as output.');
    const runId = commandId.slice(0, commandId.lastIndexOf('-'));
    return { type: 'SignalRun', requestId: 'consider', runId, name: resource.name, data: outcome.output };
  }
  if ('output' in outcome) return { type: 'CompleteTask', commandId, output: outcome.output };
  const { error, cause = '', retryable = true } = outcome;
  return { type: 'FailTask', commandId, error, cause, retryable };
}

const misfit = (reason: string, next: string): Misfit => ({ reason, next, pointer: POINTER });
