import type { EventView } from '@baton/contracts';
import type { StoredEvent } from '@baton/event-store';
import { describeEvent, readEvent } from '@baton/workflow';

/** The event as clients see it: as it was recorded, and a sentence about it. */
export function eventView(stored: StoredEvent): EventView {
  const { position, runId, version, type, schemaVersion, eventId, causationId, correlationId, recordedAt, actor } =
    stored;
  return {
    position,
    runId,
    version,
    type,
    schemaVersion,
    eventId,
    causationId,
    correlationId,
    recordedAt,
    actor,
    data: dataOf(stored),
    summary: describeEvent(readEvent(stored)),
  };
}

/** As it stands in the log, and the document that it names with it: clients read one event at a time. */
export function dataOf({ dataText, document: named }: Pick<StoredEvent, 'dataText' | 'document'>): EventView['data'] {
  const data = JSON.parse(dataText);
  if (named === undefined) return data;
  const document = JSON.parse(named.text);
  return 'carry' in data ? { ...data, carry: { ...data.carry, document } } : { ...data, document };
}

/** Advice in shadow that was still out when its run ended. */
export const mayComeLate = (type: string): boolean =>
  type === 'AdviceGiven' || type === 'AdviceFailed' || type === 'RunRated';

/** The status a run ends with by this event; null when the run goes on after it. One that failed may be retried. */
export function endedBy(type: string): 'succeeded' | 'failed' | 'cancelled' | null {
  switch (type) {
    case 'RunSucceeded':
      return 'succeeded';
    case 'RunFailed':
      return 'failed';
    case 'RunCancelled':
      return 'cancelled';
    default:
      return null;
  }
}
