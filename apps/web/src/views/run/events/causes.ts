import type { RunEvent } from '../run-events.js';
import { saidIn } from './lens.js';

/*
 * What led to an event. Events that were decided from one message have its id in common; the first of them says what came,
 * and the others follow from it. The first follows from the event that sent for it, where it answers a command.
 */

export interface Causes {
  /** First event of each message. */
  readonly firstOf: ReadonlyMap<string, number>;
  /** The event that issued each command. */
  readonly issuedBy: ReadonlyMap<string, number>;
}

export type Cause =
  | { readonly kind: 'event'; readonly version: number }
  /** A request of somebody, or a message of which the log has no more. */
  | { readonly kind: 'message'; readonly id: string }
  | { readonly kind: 'none' };

export function causesIn(events: readonly RunEvent[]): Causes {
  const firstOf = new Map<string, number>();
  const issuedBy = new Map<string, number>();
  for (const event of events) {
    const { causationId, version } = event;
    if (causationId !== null && !firstOf.has(causationId)) firstOf.set(causationId, version);
    const command = saidIn(event, 'commandId');
    if (typeof command === 'string' && !issuedBy.has(command)) issuedBy.set(command, version);
  }
  return { firstOf, issuedBy };
}

export function causeOf(event: RunEvent, { firstOf, issuedBy }: Causes): Cause {
  const command = saidIn(event, 'commandId');
  const issued = typeof command === 'string' ? issuedBy.get(command) : undefined;
  if (issued !== undefined && issued < event.version) return { kind: 'event', version: issued };
  if (event.causationId === null) return { kind: 'none' };
  const first = firstOf.get(event.causationId);
  if (first !== undefined && first < event.version) return { kind: 'event', version: first };
  return { kind: 'message', id: event.causationId };
}
