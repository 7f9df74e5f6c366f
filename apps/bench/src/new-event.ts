import { randomUUID } from 'node:crypto';
import type { Actor } from '@baton/contracts';
import type { NewEvent } from '@baton/event-store';
import type { RunEvent } from '@baton/workflow';
import { asAppended } from '@baton/workflow/testing';

/** An event as the hub appends it. */
export function newEvent(
  event: RunEvent,
  { nowMs, actor }: { readonly nowMs: number; readonly actor: Actor },
): NewEvent {
  return asAppended(event, { eventId: randomUUID(), nowMs, actor });
}
