import type { EventView } from '@baton/contracts';

const SETTLES = new Set([
  'TaskSucceeded',
  'TaskFailed',
  'TaskAsked',
  'TaskTimedOut',
  'ApprovalDecided',
  'AdviceGiven',
  'AdviceFailed',
  'CommandCancelled',
  'TimerFired',
]);
/** Advice in shadow may come after the end of its run, and so may what people think of it. */
const ADVICE = new Set(['AdviceGiven', 'AdviceFailed', 'RunRated']);
const ISSUES = new Set(['TaskScheduled', 'AdviceRequested', 'TimerScheduled']);

/**
 * What must hold of a run's events whatever was killed while it ran: versions without a gap, no event twice, every
 * command issued once and settled exactly once, one end and nothing after it but retries and advice in shadow. The violations, in words.
 */
export function violations(events: readonly EventView[]): readonly string[] {
  const found: string[] = [];
  events.forEach((event, index) => {
    if (event.version !== index + 1) found.push(`event ${index + 1} has version ${event.version}`);
  });
  if (new Set(events.map(({ eventId }) => eventId)).size !== events.length) found.push('an event id stands twice');
  const issued = count(events, ISSUES);
  const settled = count(events, SETTLES);
  for (const [commandId, times] of issued) {
    if (times !== 1) found.push(`command ${commandId} was issued ${times} times`);
    if (settled.get(commandId) !== 1)
      found.push(`command ${commandId} was settled ${settled.get(commandId) ?? 0} times`);
  }
  for (const commandId of settled.keys()) {
    if (!issued.has(commandId)) found.push(`command ${commandId} was settled but never issued`);
  }
  const ends = events.filter(({ type }) => ['RunSucceeded', 'RunFailed', 'RunCancelled'].includes(type));
  const retries = events.filter(({ type }) => type === 'RunRetried').length;
  if (ends.length !== 1 + retries) found.push(`the run ended ${ends.length} times and was retried ${retries} times`);
  const last = events.findLast(({ type }) => !ADVICE.has(type));
  if (ends.length > 0 && ends.at(-1) !== last) found.push('events follow the end of the run');
  return found;
}

function count(events: readonly EventView[], types: ReadonlySet<string>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { type, data } of events) {
    if (!types.has(type) || typeof data !== 'object' || data === null || !('commandId' in data)) continue;
    const commandId = String(data.commandId);
    counts.set(commandId, (counts.get(commandId) ?? 0) + 1);
  }
  return counts;
}
