import type { RunId } from '@baton/contracts';
import type { Pool } from 'pg';
import { readModel } from '../database.js';

/** The events of a run. The bounds of its stream let the planner skip partitions that cannot hold them. */
export const eventsOf = (pool: Pool, runId: RunId) =>
  readModel(pool)
    .selectFrom('event')
    .innerJoin('stream', 'stream.run_id', 'event.run_id')
    .where('event.run_id', '=', runId)
    .whereRef('event.position', '>=', 'stream.first_position')
    .whereRef('event.position', '<=', 'stream.last_position');
