import { RunId } from '@baton/contracts';
import { readModel } from '@baton/read-model';
import type { Pool } from 'pg';

const BEGINS = ['submit', 'fork'] as const;

/**
 * Why the submission of a run, or the fork that was to begin it, went to the dead letter; null when none did, or it
 * was taken up again. Two looks,
 * each by an index: anybody may ask for runs that do not exist.
 */
export async function rejectionOf(pool: Pool, runId: string): Promise<string | null> {
  const db = readModel(pool);
  // A letter that names the run: whatever came by the queue may stand there.
  const named = db
    .selectFrom('dead_letter as l')
    .select(['l.id', 'l.reason'])
    .where('l.name', 'in', BEGINS)
    .where('l.requeued_at', 'is', null)
    .where('l.run_id', '=', runId.replaceAll('\u0000', '').toLowerCase())
    .orderBy('l.id', 'desc')
    .limit(1);
  // One of a request that came over HTTP, and of which the gateway knows what it was to begin.
  const id = RunId.safeParse(runId);
  const asked = db
    .selectFrom('accepted_request as a')
    .innerJoin('dead_letter as l', 'l.request_id', 'a.request_id')
    .select(['l.id', 'l.reason'])
    .where('l.name', 'in', BEGINS)
    .where('l.requeued_at', 'is', null)
    .where('a.run_id', '=', id.success ? id.data : null)
    .orderBy('l.id', 'desc')
    .limit(1);
  const letters = await Promise.all([named.executeTakeFirst(), id.success ? asked.executeTakeFirst() : undefined]);
  const [newest] = letters.filter((letter) => letter !== undefined).sort((a, b) => b.id - a.id);
  return newest?.reason ?? null;
}
