import { type Actor, BatonError, type Json, type JsonObject } from '@baton/contracts';
import {
  decide,
  type Effect,
  evolve,
  initialState,
  parseResource,
  type RunEvent,
  type RunOrder,
  type RunState,
  react,
  type WorkflowDocument,
} from '@baton/workflow';
import type { Answer, Script } from './answers.js';

/** A run of a test as it stands when nothing more happens in it. */
export interface Driven {
  readonly state: RunState;
  readonly events: readonly RunEvent[];
}

export interface DriveOptions {
  readonly input: Json;
  readonly script: Script;
  /** Laid over the context object of its states. */
  readonly context: JsonObject | undefined;
  /** When the run begins, in milliseconds since the epoch. */
  readonly startMs: number;
  /** Looks after each order whether the test has seen enough. */
  readonly isEnough: (events: readonly RunEvent[]) => boolean;
}

type Row = Extract<Effect, { type: 'issue' }>;

/** Something that is to happen next. */
interface Happening {
  readonly atMs: number;
  readonly order: RunOrder;
  readonly by: Actor;
  readonly row: Row;
  /** The state whose answer it is; null for a timer. */
  readonly state: string | null;
}

/** The same for every test: what is random in a run comes from its id. */
const RUN_ID = '0123abcd-0000-4000-8000-00000000a511';
const TESTER: Actor = { type: 'user', id: 'tester' };
/** Whoever speaks for child runs and for the time. */
const HUB: Actor = { type: 'system', id: 'orchestrator' };
/** More than any test means: a loop that its answers never end. */
const MOST_ORDERS = 10_000;

/**
 * Takes a run to its end, or until it waits for an answer that the script does not have, with the engine that the hub
 * runs: the same decisions, events and effects. Its clock jumps to whatever happens next.
 */
export async function drive(document: WorkflowDocument, options: DriveOptions): Promise<Driven> {
  const { input, script, startMs, context } = options;
  const rows = new Map<string, Row>();
  const events: RunEvent[] = [];
  let state: RunState = initialState;
  let nowMs = startMs;
  const when = async (order: RunOrder, actor: Actor): Promise<readonly RunEvent[]> => {
    const decided = await decide(state, order, { nowMs, actor, context });
    for (const event of decided) {
      events.push(event);
      state = evolve(state, event);
      for (const effect of react(event, state)) {
        if (effect.type === 'issue') rows.set(effect.commandId, effect);
        else rows.delete(effect.commandId);
      }
    }
    return decided;
  };
  const mode = { mode: 'programmatic' as const };
  const submission = { requestId: 'test', workflow: document.name, input, runId: RUN_ID, decisions: mode };
  await when({ type: 'StartRun', submission, document, sha256: '0'.repeat(64) }, TESTER);
  for (let orders = 1; !options.isEnough(events); orders += 1) {
    const next = earliest([...rows.values()].flatMap((row) => happensOf(row, state, script, nowMs)));
    if (next === null) break;
    if (orders > MOST_ORDERS) throw endless(next.state);
    nowMs = Math.max(nowMs, next.atMs);
    const decided = await when(next.order, next.by);
    const isAnswer = next.order.type === 'DecideApproval';
    if (isAnswer && decided.length === 0) throw refused(next);
    // What is still waited for was not answered: a reminder was due before.
    if (next.state !== null && (isAnswer || !rows.has(next.row.commandId))) script.take(next.state);
  }
  return { state, events };
}

const endless = (state: string | null) =>
  new BatonError(
    `The test does not end: ${MOST_ORDERS} answers were given${state === null ? '' : `, the last to ${state}`}.`,
    {
      code: 'test-does-not-end',
      next: 'Give the answers as a list: one alone is given every time.',
    },
  );

const earliest = (happenings: readonly Happening[]): Happening | null =>
  happenings.reduce<Happening | null>((first, each) => (first === null || each.atMs < first.atMs ? each : first), null);

/** What happens with something that a run waits for: nothing, where the script has no answer. */
function happensOf(row: Row, state: RunState, script: Script, nowMs: number): readonly Happening[] {
  const { commandId, deadline } = row;
  const expiry = deadline === null ? null : Date.parse(deadline);
  const waiting = waitingState(row, state);
  // A timer waits for its time; what no state waits for is the hub's own, which it does at once.
  if (row.name === 'timer' || waiting === null) {
    if (expiry === null) return [];
    const atMs = row.name === 'timer' ? expiry : nowMs;
    return [{ atMs, order: { type: 'ExpireCommand', commandId }, by: HUB, row, state: null }];
  }
  const answer = script.next(waiting.name);
  if (answer === null) return [];
  if ('timeout' in answer) return [silence(row, waiting.name, answer.timeout, nowMs)];
  const begins = Math.max(nowMs, row.notBefore === null ? 0 : Date.parse(row.notBefore));
  const atMs = begins + (answer.afterSeconds ?? 0) * 1000;
  // An answer that takes too long comes after the time of the state is up, or after a reminder.
  if (expiry !== null && expiry < atMs) {
    return [{ atMs: expiry, order: { type: 'ExpireCommand', commandId }, by: HUB, row, state: waiting.name }];
  }
  const by: Actor = 'decision' in answer ? { type: 'user', id: answer.by } : HUB;
  return [{ atMs, order: orderOf(row, waiting, answer), by, row, state: waiting.name }];
}

/** Nobody answers: the time of the state is up, or its worker was silent for too long. */
function silence(row: Row, state: string, timeout: true | 'heartbeat', nowMs: number): Happening {
  const { commandId, deadline, heartbeatSeconds } = row;
  if (timeout === 'heartbeat' && heartbeatSeconds !== null) {
    const atMs = nowMs + heartbeatSeconds * 1000;
    return { atMs, order: { type: 'ExpireCommand', commandId, isSilent: true }, by: HUB, row, state };
  }
  if (timeout === 'heartbeat' || deadline === null) throw withoutTime(state);
  return { atMs: Date.parse(deadline), order: { type: 'ExpireCommand', commandId }, by: HUB, row, state };
}

const refused = ({ state, by }: Happening) =>
  new BatonError(
    `The answer of ${by.id} to the state ${state ?? ''} does not count: its policy does not let ${by.id} answer.`,
    {
      code: 'answer-does-not-fit',
      next: 'Give the answer by somebody else, or with other roles.',
    },
  );

interface Waiting {
  readonly name: string;
  readonly resource: string;
}

function waitingState({ commandId }: Row, state: RunState): Waiting | null {
  if (state.status === 'new') return null;
  const command = state.commands.get(commandId);
  const visit = state.visits.get(command?.visit ?? -1);
  return visit === undefined ? null : { name: visit.state, resource: command?.resource ?? '' };
}

function orderOf(
  { commandId }: Row,
  { name, resource }: Waiting,
  answer: Exclude<Answer, { timeout: unknown }>,
): RunOrder {
  const asked = parseResource(resource);
  if (asked?.type === 'approval') {
    if (!('decision' in answer)) throw wrongKind(name, 'an approval', '{ decision: approve, comment: … }');
    const { decision, comment, roles } = answer;
    return {
      type: 'DecideApproval',
      requestId: `answer-${commandId}-${answer.by}`,
      approvalId: commandId,
      decision,
      comment,
      roles,
    };
  }
  if ('decision' in answer) throw wrongKind(name, 'no approval', '{ output: … } or { error: …, cause: … }');
  if (asked?.type === 'signal') {
    if (!('output' in answer)) throw wrongKind(name, 'a signal', '{ output: … } with the data of the signal');
    return {
      type: 'SignalRun',
      requestId: `signal-${commandId}`,
      runId: RUN_ID,
      name: asked.name,
      data: answer.output,
    };
  }
  // What a script says of a task that waits for its token is what comes by that.
  const by = asked?.type === 'worker' && asked.hasToken === true ? { byToken: `answer-${commandId}` } : {};
  if ('output' in answer) return { type: 'CompleteTask', commandId, output: answer.output, ...by };
  const { error, cause, retryable } = answer;
  return { type: 'FailTask', commandId, error, cause, retryable, ...by };
}

const wrongKind = (state: string, what: string, expected: string): BatonError =>
  new BatonError(`The state ${state} waits for ${what}, and its answer is of another kind.`, {
    code: 'answer-does-not-fit',
    next: `Answer it with ${expected}.`,
  });

const withoutTime = (state: string): BatonError =>
  new BatonError(`The state ${state} has no such limit, so its time is never up.`, {
    code: 'answer-does-not-fit',
    next: 'Give the state TimeoutSeconds (or HeartbeatSeconds), or another answer.',
  });
