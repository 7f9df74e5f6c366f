import { randomUUID } from 'node:crypto';
import type { Actor } from '@baton/contracts';
import type { NewEvent } from '@baton/event-store';
import { EVENT_SCHEMA_VERSION, type RunEvent, toStore } from '@baton/workflow';

/** An event as the hub appends it. */
export function newEvent(
  event: RunEvent,
  { nowMs, actor }: { readonly nowMs: number; readonly actor: Actor },
): NewEvent {
  const { data, document } = toStore(event);
  return {
    eventId: randomUUID(),
    type: event.type,
    schemaVersion: EVENT_SCHEMA_VERSION,
    causationId: null,
    correlationId: null,
    recordedAt: new Date(nowMs).toISOString(),
    actor,
    data: JSON.parse(JSON.stringify(data)),
    ...(document === null ? {} : { document }),
  };
}
