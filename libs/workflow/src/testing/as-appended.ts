import type { Actor } from '@baton/contracts';
import { toStore } from '../events/named-document.js';
import { EVENT_SCHEMA_VERSION, RunEvent } from '../events/run-event.js';

/** Also one of a type or a shape that the program does not know. */
type AnyEvent = RunEvent | { readonly type: string; readonly data: unknown };

/** An event as a hub appends it, of nobody's request. */
export function asAppended<Id extends string>(
  event: AnyEvent,
  by: { readonly eventId: Id; readonly nowMs: number; readonly actor: Actor },
) {
  const parsed = RunEvent.safeParse(event);
  const { data, document } = parsed.success ? toStore(parsed.data) : { data: event.data, document: null };
  return {
    eventId: by.eventId,
    type: event.type,
    schemaVersion: EVENT_SCHEMA_VERSION,
    causationId: null,
    correlationId: null,
    recordedAt: new Date(by.nowMs).toISOString(),
    actor: by.actor,
    data: JSON.parse(JSON.stringify(data)),
    ...(document === null ? {} : { document }),
  };
}
