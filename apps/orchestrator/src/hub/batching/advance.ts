import { randomUUID } from 'node:crypto';
import type { Evaluator } from '@baton/asl';
import { type Actor, INLINE_LIMIT_BYTES, type Json, type JsonObject } from '@baton/contracts';
import type { AppendItem, NewCommand, NewEvent, UnseenRequest } from '@baton/event-store';
import { mayHoldSealed } from '@baton/personal-data';
import {
  decide,
  type Effect,
  EVENT_SCHEMA_VERSION,
  evolve,
  grown,
  isLong,
  type RunEvent,
  type RunLimits,
  type RunState,
  react,
  type Segment,
  SNAPSHOT_EVENTS,
  segmentOf,
  TOLD_EVENTS,
  toSnapshot,
  toStore,
  workerOf,
} from '@baton/workflow';
import type { VersionedRun } from '../hub-store.js';
import type { HubMessage } from '../message.js';
import { SEALED } from '../personal/seal-message.js';
import { type TurnSpan, turnSpan } from './turn-span.js';

/** An advance of a run: several messages for it, decided one after the other and written as one item of a batch. */
export interface Advance {
  readonly runId: string;
  readonly state: RunState;
  readonly version: number;
  readonly segment: Segment;
  readonly item: AppendItem;
  /** Of those that are traced; to be ended once it is known what became of the batch. */
  readonly turns: readonly TurnSpan[];
}

export interface HubClock {
  /** The time that is decided by and recorded, by the clock of the database: milliseconds since the epoch, whole. */
  readonly nowMs: () => number;
  /** A clock that only goes forward, for durations, in milliseconds and fractions. */
  readonly monotonicMs: () => number;
  /** See `OrderMeta` of the workflow. */
  readonly maxPayloadBytes?: number | undefined;
  readonly limits?: RunLimits | undefined;
  /** Whether turns have spans. */
  readonly isTracing?: boolean | undefined;
}

/** What a decision needs beside the run and the message. */
export interface DecidingWith extends HubClock {
  /** See `OrderMeta` of the workflow. */
  readonly evaluator?: Evaluator | undefined;
}

export interface OpenAdvance {
  readonly runId: string;
  readonly expectedVersion: number;
  state: RunState;
  segment: Segment;
  readonly events: HubEvent[];
  readonly issued: Map<string, NewCommand>;
  readonly consumed: Set<string>;
  readonly requests: Set<string>;
  readonly unseen: UnseenRequest[];
  readonly turns: TurnSpan[];
}

export const openAdvance = (runId: string, { state, version, segment }: VersionedRun): OpenAdvance => ({
  runId,
  expectedVersion: version,
  state,
  segment,
  events: [],
  issued: new Map(),
  consumed: new Set(),
  requests: new Set(),
  unseen: [],
  turns: [],
});

/**
 * Decides one message on top of what the advance already holds. Nothing of the advance changes when `decide` throws: the
 * message can then be put aside without harm to the others.
 *
 * @returns whether the message has any effect.
 */
export async function decideInto(advance: OpenAdvance, message: HubMessage, clock: DecidingWith): Promise<boolean> {
  // The same request by two ways at once, from its queue and from the inbox: the append can only refuse the later batch.
  if (message.requestId !== undefined && advance.requests.has(message.requestId)) return false;
  const nowMs = clock.nowMs();
  const beganMs = clock.monotonicMs();
  const actor = actorOf(message, advance.state);
  const { maxPayloadBytes, evaluator, limits } = clock;
  const events = await decide(advance.state, message.order, { nowMs, actor, maxPayloadBytes, evaluator, limits });
  if (events.length === 0) return false;
  const decided = events.map((event) => withLatency(event, clock.monotonicMs() - beganMs));
  let state = advance.state;
  const effects = decided.flatMap((event) => {
    state = evolve(state, event);
    return react(event, state);
  });
  advance.state = state;
  const first = advance.events.length;
  const recordedAt = new Date(nowMs).toISOString();
  const correlationId = correlationOf(state);
  for (const event of decided) {
    const { causationId } = message;
    const by = TOLD_EVENTS.has(event.type) ? actor : HUB;
    advance.events.push(newEvent(event, { actor: by, causationId, correlationId, recordedAt }));
  }
  if (message.requestId !== undefined) noteRequest(advance, message.requestId, message.unseenAsOf);
  const traceparent = traceInto(advance, message, decided.length, clock.isTracing === true);
  for (const effect of effects) take(effect, advance, traceparent);
  continueLog(advance, first);
  return true;
}

function noteRequest(advance: OpenAdvance, requestId: string, unseenAsOf: number | undefined): void {
  advance.requests.add(requestId);
  if (unseenAsOf !== undefined) advance.unseen.push({ requestId, change: unseenAsOf });
}

/** Most runs belong to no trace: then nothing is made. */
function traceInto(advance: OpenAdvance, message: HubMessage, events: number, isTracing: boolean): string | undefined {
  const { state } = advance;
  if (!isTracing && message.trace === undefined && (state.status === 'new' || state.trace === undefined)) return;
  const turn = turnSpan({ message, state, events }, isTracing);
  if (turn.span !== null) advance.turns.push(turn);
  return turn.traceparent;
}

/** What is worked on belongs to the trace of the turn that asked for it. */
const withTrace = (command: NewCommand, traceparent: string | undefined): NewCommand =>
  traceparent === undefined || (command.name !== 'task' && command.name !== 'run')
    ? command
    : { ...command, message: { ...command.message, traceparent } };

function take(effect: Effect, advance: OpenAdvance, traceparent: string | undefined): void {
  if (effect.type === 'issue') {
    const { type: _, isMoved, ...issued } = effect;
    const command = withTrace(issued, traceparent);
    const isStored =
      isMoved === true && !(advance.issued.has(effect.commandId) && !advance.consumed.has(effect.commandId));
    if (isStored) advance.consumed.add(effect.commandId);
    advance.issued.set(effect.commandId, isStored ? { ...command, isMoved: true } : command);
  } else if (!advance.issued.delete(effect.commandId)) {
    advance.consumed.add(effect.commandId);
  }
}

/** Closes the advance: large task arguments go to the blob store first, so that the rows and messages stay small. */
export async function closeAdvance(
  advance: OpenAdvance,
  putBlob: (text: string) => Promise<JsonObject>,
): Promise<Advance> {
  const commands = await Promise.all([...advance.issued.values()].map((command) => offload(command, putBlob)));
  return {
    runId: advance.runId,
    state: advance.state,
    version: advance.expectedVersion + advance.events.length,
    segment: advance.segment,
    turns: advance.turns,
    item: {
      runId: advance.runId,
      expectedVersion: advance.expectedVersion,
      events: advance.events,
      consume: [...advance.consumed],
      requests: [...advance.requests],
      ...(advance.unseen.length === 0 ? {} : { unseen: advance.unseen }),
      commands,
      ended: advance.state.status !== 'new' && advance.state.status !== 'running',
      parentCommand: advance.state.status === 'new' ? null : (advance.state.parent?.commandId ?? null),
    },
  };
}

/** A fork and a retry begin with the whole state: the run is read from there. */
const WITH_SNAPSHOT: ReadonlySet<string> = new Set(SNAPSHOT_EVENTS);

/**
 * Puts the whole state into the log where the log has become long. After each message, not each batch: where the copies stand
 * then follows from the log alone.
 */
function continueLog(advance: OpenAdvance, first: number): void {
  const sizeOf = ({ dataText }: HubEvent): number => dataText.length;
  const added = advance.events.slice(first);
  const sizes = added.map(sizeOf);
  const carrier = added.findLastIndex(({ type }) => WITH_SNAPSHOT.has(type));
  advance.segment = carrier < 0 ? grown(advance.segment, sizes) : segmentOf(true, sizes.slice(carrier));
  const last = added.at(-1);
  if (advance.state.status !== 'running' || last === undefined || !isLong(advance.segment)) return;
  const continued: RunEvent = { type: 'RunContinued', data: { carry: toSnapshot(advance.state) } };
  advance.state = evolve(advance.state, continued);
  const { causationId, correlationId, recordedAt } = last;
  const event = newEvent(continued, { actor: HUB, causationId, correlationId, recordedAt });
  advance.events.push(event);
  advance.segment = { events: 0, size: 0, snapshotSize: sizeOf(event) };
}

async function offload(command: NewCommand, putBlob: (text: string) => Promise<JsonObject>): Promise<NewCommand> {
  const body: Json | undefined = command.message.arguments;
  if (body === undefined) return command;
  const text = JSON.stringify(body);
  // What is opened on its way to a worker must not lie in the blob store.
  if (mayHoldSealed(text) || mayHoldSealed(JSON.stringify(command.message.handIn ?? null)))
    return { ...command, message: { ...command.message, [SEALED]: true } };
  if (Buffer.byteLength(text) <= INLINE_LIMIT_BYTES) return command;
  const { arguments: _, ...message } = command.message;
  return { ...command, message: { ...message, blobRef: await putBlob(text) } };
}

const HUB: Actor = { type: 'system', id: 'orchestrator' };

/** A result comes from the kind of worker that was asked; the message itself need not be believed. */
function actorOf({ actor, order }: HubMessage, state: RunState): Actor {
  if (actor.type !== 'agent' || (order.type !== 'CompleteTask' && order.type !== 'FailTask')) return actor;
  return { type: 'agent', id: workerOf(state, order.commandId) ?? actor.id };
}

/** `decide` has no clock: how long the hub took over a decision is put into its record here. */
const withLatency = (event: RunEvent, elapsedMs: number): RunEvent =>
  event.type === 'DecisionMade'
    ? { ...event, data: { decision: { ...event.data.decision, latencyMs: Math.round(elapsedMs * 1000) / 1000 } } }
    : event;

/** An event that was made text already: for its size, its hash and its row. */
type HubEvent = NewEvent & { readonly dataText: string };

function newEvent(
  event: RunEvent,
  facts: Pick<NewEvent, 'actor' | 'causationId' | 'correlationId' | 'recordedAt'>,
): HubEvent {
  const { data, document } = toStore(event);
  return {
    eventId: randomUUID(),
    type: event.type,
    schemaVersion: EVENT_SCHEMA_VERSION,
    ...facts,
    data: data as Json,
    dataText: JSON.stringify(data),
    ...(document === null ? {} : { document }),
  };
}

const correlationOf = (state: RunState): string | null => (state.status === 'new' ? null : state.requestId);
