import type { Actor } from '@baton/contracts';
import { toStore } from '../events/named-document.js';
import { EVENT_SCHEMA_VERSION, type RunEvent } from '../events/run-event.js';
import { TOLD_EVENTS } from '../events/told-events.js';
import type { RunOrder } from '../orders.js';
import type { RecordedFact } from '../replay/recorded-fact.js';
import type { RunState } from '../state/run-state.js';
import { workerOf } from '../state/worker-of.js';

const HUB: Actor = { type: 'system', id: 'orchestrator' };

/** Who the hub would put down for an order. @param before the state that it comes to */
export function tellerOf(order: RunOrder, actor: Actor, before: RunState): Actor {
  switch (order.type) {
    case 'CompleteTask':
    case 'FailTask': {
      const kind = workerOf(before, order.commandId);
      if (order.byToken !== undefined) return actor;
      if (actor.type === 'system') return actor;
      return kind === null ? { type: 'agent', id: 'worker' } : { type: 'agent', id: kind };
    }
    case 'ExpireCommand':
    case 'LeaveUnadvised':
      return HUB;
    case 'StartRun':
      return order.submission.actor ?? actor;
    default:
      return actor;
  }
}

/** Events as the hub would write them: with who, when and why. */
export function recordedAs(
  events: readonly RunEvent[],
  order: RunOrder,
  actor: Actor,
  { nowMs, before, state }: { readonly nowMs: number; readonly before: number; readonly state: RunState },
): readonly RecordedFact[] {
  const causationId = 'parent' in order && order.parent !== undefined ? order.parent.commandId : causeOf(order);
  return events.map((event, index) => {
    const { data, document } = toStore(event);
    return {
      position: before + index + 1,
      version: before + index + 1,
      type: event.type,
      schemaVersion: EVENT_SCHEMA_VERSION,
      dataText: JSON.stringify(data),
      ...(document === null ? {} : { document }),
      causationId,
      correlationId: state.status === 'new' ? null : state.requestId,
      recordedAt: new Date(nowMs).toISOString(),
      actorText: JSON.stringify(TOLD_EVENTS.has(event.type) ? actor : HUB),
    };
  });
}

function causeOf(order: RunOrder): string {
  if (order.type === 'StartRun') return order.submission.requestId;
  if ('requestId' in order) return order.requestId;
  if ((order.type === 'CompleteTask' || order.type === 'FailTask') && order.byToken !== undefined) return order.byToken;
  return order.type === 'CompleteTask' || order.type === 'FailTask' ? `answer ${order.commandId}` : order.commandId;
}
