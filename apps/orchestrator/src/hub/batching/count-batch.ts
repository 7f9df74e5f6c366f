import type { HubMetrics } from '@baton/telemetry/metrics';
import type { Decided, Waiting } from './decide-messages.js';

/** Counts what was written, once for the batch: a message costs an addition. */
export function countBatch(batch: readonly Decided[], metrics: HubMetrics): void {
  const committed = new Map<string, number>();
  const ignored = new Map<string, number>();
  let events = 0;
  for (const decided of batch) {
    events += decided.advance.item.events.length;
    count(decided.effective, committed);
    count(decided.ignored, ignored);
    const { state } = decided.advance;
    if (decided.advance.item.ended && state.status !== 'new') metrics.ended(state.workflow.name, state.status);
  }
  metrics.events(events);
  for (const [order, times] of committed) metrics.settled(order, 'committed', times);
  for (const [order, times] of ignored) metrics.settled(order, 'ignored', times);
}

function count(members: readonly Waiting[], into: Map<string, number>): void {
  for (const { message } of members) into.set(message.order.type, (into.get(message.order.type) ?? 0) + 1);
}
