import { storableText } from '@baton/contracts';
import type { ClientBase } from 'pg';
import { z } from 'zod';
import type { RunFacts, RunFold } from '../run-view/run-fold.js';
import { fromStored, toStored } from '../run-view/stored-fold.js';

const CursorRow = z.object({ position: z.coerce.number().int() });
const FoldRow = z
  .object({ view: z.string(), memory: z.string() })
  .transform(({ view, memory }) => fromStored({ view: JSON.parse(view), memory: JSON.parse(memory) }));

const StoredRow = z.object({ run_id: z.string(), view: z.string().nullable() });

/** Anything that runs a statement: the pool, or a client within a transaction. */
export type Queryable = Pick<ClientBase, 'query'>;

/** How far the log is folded. */
export async function readCursor(sql: Queryable): Promise<number> {
  const { rows } = await sql.query('select position from baton.run_view_cursor');
  return CursorRow.parse(rows[0]).position;
}

/** Takes the right to write until the transaction ends. Null: another projector has it (`wait` waits for it instead). */
export async function lockCursor(client: Queryable, whenLocked: 'wait' | 'skip'): Promise<number | null> {
  const { rows } = await client.query(
    `select position from baton.run_view_cursor for update ${whenLocked === 'skip' ? 'skip locked' : ''}`,
  );
  return rows.length === 0 ? null : CursorRow.parse(rows[0]).position;
}

export async function moveCursor(client: Queryable, position: number): Promise<void> {
  await client.query('update baton.run_view_cursor set position = $1', [position]);
}

/**
 * The folds of those runs that have one, by run id.
 *
 * @param known folds that the caller still has: one of the stored version is not read again, which for a run with ten
 *   thousand open visits saves most of a page's time
 */
export async function loadFolds(
  sql: Queryable,
  runIds: readonly string[],
  known: ReadonlyMap<string, RunFold> = new Map(),
): Promise<Map<string, RunFold>> {
  const { rows } = await sql.query(
    `select v.run_id,
            case when v.version is distinct from k.version then v.view::text end as view,
            case when v.version is distinct from k.version then v.memory::text end as memory
       from unnest($1::uuid[], $2::int[]) as k(run_id, version) join baton.run_view v using (run_id)`,
    [runIds, runIds.map((runId) => known.get(runId)?.facts.version ?? null)],
  );
  return new Map(
    rows.map((row) => {
      const { run_id, view } = StoredRow.parse(row);
      const fold = view === null ? known.get(run_id) : undefined;
      return [run_id, fold ?? FoldRow.parse(row)];
    }),
  );
}

export async function saveFolds(client: Queryable, folds: readonly RunFold[]): Promise<void> {
  const column = <T>(read: (facts: RunFacts) => T): readonly T[] => folds.map(({ facts }) => read(facts));
  const rows = folds.map(toStored);
  await client.query(
    `insert into baton.run_view (run_id, version, status, workflow, labels, started_at, view, memory)
     select * from unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::jsonb[], $6::timestamptz[], $7::json[], $8::json[])
     on conflict (run_id) do update set
       version = excluded.version, status = excluded.status, view = excluded.view, memory = excluded.memory`,
    [
      column(({ runId }) => runId),
      column(({ version }) => version),
      column(({ status }) => status),
      column(({ workflow }) => workflow),
      column(({ labels }) => JSON.stringify(storableLabels(labels))),
      column(({ startedAt }) => startedAt),
      rows.map(({ view }) => JSON.stringify(view)),
      rows.map(({ memory }) => JSON.stringify(memory)),
    ],
  );
}

export async function deleteFolds(client: Queryable): Promise<void> {
  await client.query('delete from baton.run_view');
}

/** jsonb holds neither NUL nor half a surrogate pair: such a label is found under U+FFFD, and shown as it is. */
export function storableLabels(labels: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).map(([name, value]) => [storableText(name), storableText(value)]));
}
