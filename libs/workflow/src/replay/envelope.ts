import { type Actor, type CommandId, isSameActor } from '@baton/contracts';
import type { RunEvent } from '../events/run-event.js';
import { TOLD_EVENTS } from '../events/told-events.js';
import type { RunState } from '../state/run-state.js';
import { workerOf } from '../state/worker-of.js';
import type { RecordedFact } from './recorded-fact.js';

/*
 * What stands around an event follows from the order, too: who said it, what caused it, and which request it is about.
 */

const HUB_TEXT = '{"type":"system","id":"orchestrator"}';
const TOLD: ReadonlySet<string> = TOLD_EVENTS;

/** Who gave the order, by the events that repeat what was told; null where none does, and the hub told itself. */
export const tellerIn = (facts: readonly RecordedFact[]): RecordedFact | null =>
  facts.find(({ type }) => TOLD.has(type)) ?? null;

/** @returns what is wrong around an event of an order, in words; null where nothing is */
export function problemAround(fact: RecordedFact, teller: RecordedFact | null, requestId: string): string | null {
  const { type, actorText, correlationId } = fact;
  const expected = TOLD.has(type) && teller !== null ? teller.actorText : HUB_TEXT;
  if (actorText !== expected) return `its actor is ${actorText}, and the order came from ${expected}`;
  return correlationId === requestId ? null : `it is said to be about the request ${correlationId}, not ${requestId}`;
}

/** @returns what is wrong with who is said to have given an order, or with what is said to have caused it */
export function problemOfTeller(
  before: RunState,
  first: RunEvent,
  actor: Actor,
  causationId: string | null,
): string | null {
  const cause = causeOf(before, first);
  if (cause !== null && causationId !== cause) return `its cause is said to be ${causationId}, and is ${cause}`;
  return problemOfActor(before, first, actor);
}

function problemOfActor(before: RunState, first: RunEvent, actor: Actor): string | null {
  const who = `${actor.type}:${actor.id}`;
  switch (first.type) {
    case 'RunStarted': {
      const { submittedBy, parent } = first.data;
      if (parent !== undefined) return actor.type === 'system' ? null : `a child is begun by the hub, not by ${who}`;
      return isSameActor(actor, submittedBy) ? null : `its actor ${who} is not who submitted the run`;
    }
    case 'ApprovalCounted':
    case 'ApprovalDecided':
      return isSameActor(actor, first.data.by) ? null : `its actor ${who} is not who is said to have answered`;
    case 'TaskSucceeded':
    case 'TaskFailed':
      // By its token anybody may answer a task.
      return first.data.requestId === undefined ? problemOfWorker(before, first.data.commandId, who) : null;
    case 'TaskSubmitted':
    case 'TaskAsked':
      return problemOfWorker(before, first.data.commandId, who);
    case 'AdviceGiven': {
      // Advice in shadow is no open command of the run: then its kind is not known.
      const expected = `agent:${workerOf(before, first.data.commandId) ?? 'worker'}`;
      return who === expected ? null : `its actor is ${who}, and ${expected} was asked`;
    }
    default:
      return null;
  }
}

function problemOfWorker(before: RunState, commandId: CommandId, who: string): string | null {
  const kind = workerOf(before, commandId);
  const expected = kind === null ? 'system:orchestrator' : `agent:${kind}`;
  return who === expected ? null : `its actor is ${who}, and ${expected} was asked`;
}

/** The id of the message or command that is behind an order, where the log says it otherwise, too. */
function causeOf(before: RunState, first: RunEvent): string | null {
  switch (first.type) {
    case 'RunStarted':
      return first.data.parent?.commandId ?? first.data.requestId;
    case 'RunForked':
    case 'RunRetried':
    case 'RunPaused':
    case 'RunResumed':
    case 'RunRated':
    case 'SignalReceived':
    case 'ApprovalCounted':
    case 'ApprovalDecided':
      return first.data.requestId;
    case 'TaskSucceeded':
    case 'TaskFailed':
      return first.data.requestId ?? null;
    case 'TimerFired':
    case 'TaskTimedOut':
    case 'TurnResumed':
    case 'ApprovalReminded':
    case 'ApprovalEscalated':
      return before.status === 'new' ? null : first.data.commandId;
    default:
      return null;
  }
}
