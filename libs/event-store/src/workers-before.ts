import { JsonObject } from '@baton/contracts';
import type { Pool } from 'pg';
import { query } from './pool.js';

/** A worker of the same kind that was there before, and takes tasks. */
export interface WorkerBefore {
  readonly version: string;
  readonly host: string;
  readonly pid: number;
  /** JSON Schemas of its arguments and of its output; null where it shows none that can be read. */
  readonly input: JsonObject | null;
  readonly output: JsonObject | null;
  /** Whether it was heard since the other one began. Otherwise it may be gone, and will be taken for that within ten seconds. */
  readonly isHeard: boolean;
}

interface WorkerRow {
  readonly version: string;
  readonly host: string;
  readonly pid: number;
  readonly input_schema: string | null;
  readonly output_schema: string | null;
  readonly is_heard: boolean;
}

/** Those beside which a worker that has announced itself is to work. Of two that begin together one sees the other. */
export async function workersBefore(pool: Pool, workerId: string): Promise<readonly WorkerBefore[]> {
  const rows = await query<WorkerRow>(pool, 'workers-before', 'select * from baton.workers_before($1)', [workerId]);
  return rows.map(({ version, host, pid, input_schema, output_schema, is_heard }) => ({
    ...{ version, host, pid, isHeard: is_heard },
    input: schemaOf(input_schema),
    output: schemaOf(output_schema),
  }));
}

/** Whoever may announce a worker says what stands there. What cannot be read says nothing, and keeps nobody from beginning. */
function schemaOf(text: string | null): JsonObject | null {
  try {
    return text === null ? null : JsonObject.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** Notes that a worker did not begin, and why, where operators look. */
export async function refuseWorker(pool: Pool, workerId: string, reason: string): Promise<void> {
  await query(pool, 'refuse-worker', 'select baton.refuse_worker($1, $2)', [workerId, reason]);
}
