import { Json } from '@baton/contracts';
import type { Pool } from 'pg';
import { query } from './pool.js';

/** Where a checkpoint of a graph stands. `space`: whose threads they are. */
export interface GraphPlace {
  readonly space: string;
  readonly thread: string;
  readonly namespace: string;
  readonly checkpoint: string;
}

/** What was written for a checkpoint; those below 0 are the ones of which there is one for a task, and the newest counts. */
export interface GraphWrite {
  readonly task: string;
  readonly path: string;
  readonly index: number;
  readonly channel: string;
  readonly value: Json;
}

/** Which checkpoints are looked for; null: whichever. */
export interface GraphQuery {
  readonly space: string;
  readonly thread: string | null;
  readonly namespace: string | null;
  readonly checkpoint: string | null;
  /** Those made before this one. */
  readonly before: string | null;
}

const readJson = (text: string): Json => Json.parse(JSON.parse(text));

/** Keeps a checkpoint; the same once more takes its place. */
export async function putGraphCheckpoint(
  pool: Pool,
  { space, thread, namespace, checkpoint }: GraphPlace,
  body: Json,
): Promise<void> {
  await query(pool, 'put-graph-checkpoint', 'select baton.put_graph_checkpoint($1, $2, $3, $4, $5)', [
    ...[space, thread, namespace, checkpoint],
    JSON.stringify(body),
  ]);
}

/** Keeps what a task has written. What it wrote before stands, but for what there is one of. */
export async function putGraphWrites(
  pool: Pool,
  { space, thread, namespace, checkpoint }: GraphPlace,
  { task, path }: Pick<GraphWrite, 'task' | 'path'>,
  writes: readonly Pick<GraphWrite, 'index' | 'channel' | 'value'>[],
): Promise<void> {
  await query(pool, 'put-graph-writes', 'select baton.put_graph_writes($1, $2, $3, $4, $5, $6, $7)', [
    ...[space, thread, namespace, checkpoint, task, path],
    JSON.stringify(writes),
  ]);
}

/** A page of checkpoints, those of a thread and namespace together and the newest of them first, behind `after`. */
export async function graphCheckpoints(
  pool: Pool,
  { space, thread, namespace, checkpoint, before }: GraphQuery,
  { after, most }: { readonly after: Omit<GraphPlace, 'space'> | null; readonly most: number },
): Promise<readonly (Omit<GraphPlace, 'space'> & { readonly body: Json })[]> {
  const rows = await query<{ thread_id: string; namespace: string; checkpoint_id: string; body: string }>(
    pool,
    'graph-checkpoints',
    'select thread_id, namespace, checkpoint_id, body from baton.graph_checkpoints($1, $2, $3, $4, $5, $6, $7, $8, $9)',
    [
      ...[space, thread, namespace, checkpoint, before],
      ...[after?.thread ?? null, after?.namespace ?? null, after?.checkpoint ?? null],
      most,
    ],
  );
  return rows.map((row) => ({
    thread: row.thread_id,
    namespace: row.namespace,
    checkpoint: row.checkpoint_id,
    body: readJson(row.body),
  }));
}

/** All that was written for a checkpoint, in no order. */
export async function graphWrites(
  pool: Pool,
  { space, thread, namespace, checkpoint }: GraphPlace,
): Promise<readonly GraphWrite[]> {
  const rows = await query<{ task_id: string; idx: number; task_path: string; channel: string; value: string }>(
    pool,
    'graph-writes',
    'select task_id, idx, task_path, channel, value from baton.graph_writes($1, $2, $3, $4)',
    [space, thread, namespace, checkpoint],
  );
  return rows.map(({ task_id, idx, task_path, channel, value }) => ({
    task: task_id,
    path: task_path,
    index: idx,
    channel,
    value: readJson(value),
  }));
}

/** Removes a thread with all that was written in it. */
export async function deleteGraphThread(pool: Pool, space: string, thread: string): Promise<void> {
  await query(pool, 'delete-graph-thread', 'select baton.delete_graph_thread($1, $2)', [space, thread]);
}
