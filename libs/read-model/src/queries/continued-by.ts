import type { JournalPart } from '@baton/contracts';
import { readStream } from '@baton/event-store';
import { readEvent } from '@baton/workflow';
import { sql } from 'kysely';
import type { Pool } from 'pg';
import { eventsOf } from './events-of.js';

/** What a task goes on from, oldest first; nothing where it began by itself, or was never sent out. */
export async function continuedBy(pool: Pool, commandId: string): Promise<readonly JournalPart[]> {
  const runId = commandId.slice(0, commandId.lastIndexOf('-'));
  // As text, for the reason that `askedIn` gives; what it finds is read before it is believed.
  const versions = await eventsOf(pool, runId)
    .select('event.version')
    .where('event.type', '=', 'TaskScheduled')
    .where(sql<boolean>`position(${`"commandId":"${commandId}"`} in event.data::text) > 0`)
    .where(sql<boolean>`position('"continues":[' in event.data::text) > 0`)
    .execute();
  for (const { version } of versions) {
    const [stored] = await readStream(pool, runId, { fromVersion: version, toVersion: version });
    const event = stored === undefined ? null : readEvent(stored);
    if (event?.type === 'TaskScheduled' && event.data.commandId === commandId) return event.data.continues ?? [];
  }
  return [];
}
