import { BatonErrorName, type JournalPart } from '@baton/contracts';
import { readFacts, readStream } from '@baton/event-store';
import { continuedParts, readEvent, rebuild } from '@baton/workflow';
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
    .execute();
  for (const { version } of versions) {
    const [stored] = await readStream(pool, runId, { fromVersion: version, toVersion: version });
    const event = stored === undefined ? null : readEvent(stored);
    if (event?.type !== 'TaskScheduled' || event.data.commandId !== commandId) continue;
    const { continues = [] } = event.data;
    return (await hadTooSmallShare(pool, runId, version)) ? partsAt(pool, runId, version, event.data) : continues;
  }
  return [];
}

/** Whether some task failed before because its share of the budget was too small: what follows from that stands in no event. */
async function hadTooSmallShare(pool: Pool, runId: string, version: number): Promise<boolean> {
  const failed = await eventsOf(pool, runId)
    .select('event.version')
    .where('event.type', '=', 'TaskFailed')
    .where('event.version', '<', version)
    .where(sql<boolean>`position(${`"error":"${BatonErrorName.budgetExhausted}"`} in event.data::text) > 0`)
    .limit(1)
    .execute();
  return failed.length > 0;
}

async function partsAt(
  pool: Pool,
  runId: string,
  version: number,
  data: Parameters<typeof continuedParts>[0],
): Promise<readonly JournalPart[]> {
  const state = rebuild((await readFacts(pool, runId, { toVersion: version })).map(readEvent));
  return state.status === 'new' ? (data.continues ?? []) : continuedParts(data, state);
}
