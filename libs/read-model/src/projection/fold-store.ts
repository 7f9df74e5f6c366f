import { microUsdOf, storableText } from '@baton/contracts';
import { sql } from 'kysely';
import { z } from 'zod';
import { type Connection, readModel } from '../database.js';
import type { RunFacts, RunFold } from '../run-view/run-fold.js';
import { fromStored, toStored } from '../run-view/stored-fold.js';
import { wordsOf } from '../run-view/words-of.js';

const StoredFold = z
  .object({ view: z.string(), memory: z.string() })
  .transform(({ view, memory }) => fromStored({ view: JSON.parse(view), memory: JSON.parse(memory) }));

/** How far the log is folded. */
export async function readCursor(connection: Connection): Promise<number> {
  const { position } = await readModel(connection, 'read-view-cursor')
    .selectFrom('run_view_cursor')
    .select('position')
    .executeTakeFirstOrThrow();
  return position;
}

/** What a fold writes, by a number that a migration raises in `run_view_cursor` with it. */
const FOLDS = 4;

/**
 * Takes the right to write until the transaction ends. Null: another projector has it (`wait` waits for it instead), or the views
 * are those of another version of Baton, whose projectors they are left to.
 */
export async function lockCursor(client: Connection, whenLocked: 'wait' | 'skip'): Promise<number | null> {
  const row = await readModel(client)
    .selectFrom('run_view_cursor')
    .select(['position', 'folds', sql`set_config('baton.folds', ${String(FOLDS)}, true)`.as('said')])
    .forUpdate()
    .$if(whenLocked === 'skip', (query) => query.skipLocked())
    .executeTakeFirst();
  return row === undefined || row.folds !== FOLDS ? null : row.position;
}

export async function moveCursor(client: Connection, position: number): Promise<void> {
  await readModel(client).updateTable('run_view_cursor').set({ position }).execute();
}

/**
 * The folds of those runs that have one, by run id.
 *
 * @param known folds that the caller still has: one of the stored version is not read again, which for a run with ten
 *   thousand open visits saves most of a page's time
 */
export async function loadFolds(
  connection: Connection,
  runIds: readonly string[],
  known: ReadonlyMap<string, RunFold> = new Map(),
): Promise<Map<string, RunFold>> {
  const versions = runIds.map((runId) => known.get(runId)?.facts.version ?? null);
  const asked = sql<{ run_id: string; known: number | null }>`unnest(${runIds}::uuid[], ${versions}::int[])`;
  const rows = await readModel(connection, 'load-folds')
    .selectFrom('run_view as v')
    .innerJoin(asked.as<'k'>(sql`k(run_id, known)`), 'k.run_id', 'v.run_id')
    .select((eb) => {
      const isNews = eb('v.version', 'is distinct from', eb.ref('k.known'));
      return [
        'v.run_id',
        eb.case().when(isNews).then(eb.ref('v.view')).end().as('view'),
        eb.case().when(isNews).then(eb.ref('v.memory')).end().as('memory'),
      ];
    })
    .execute();
  return new Map(
    rows.map((row) => {
      const fold = row.view === null ? known.get(row.run_id) : undefined;
      return [row.run_id, fold ?? StoredFold.parse(row)];
    }),
  );
}

export async function saveFolds(client: Connection, folds: readonly RunFold[]): Promise<void> {
  const column = <T>(read: (facts: RunFacts) => T): readonly T[] => folds.map(({ facts }) => read(facts));
  const rows = folds.map(toStored);
  // Arrays, since a statement that names each value of a page would be a thousand times as long.
  const unnested = sql`select run_id, version, status, workflow, labels, started_at, submitted_by, decision_mode,
      array_to_tsvector(string_to_array(words, ' ')), ended_at, cost_micro_usd, cost_digits, is_person_asked, view, memory
    from unnest(
    ${column(({ runId }) => runId)}::uuid[],
    ${column(({ version }) => version)}::int[],
    ${column(({ status }) => status)}::text[],
    ${column(({ workflow }) => workflow)}::text[],
    ${column(({ labels }) => JSON.stringify(storableLabels(labels)))}::jsonb[],
    ${column(({ startedAt }) => startedAt)}::timestamptz[],
    ${column(({ submittedBy: { type, id } }) => storableText(`${type}:${id}`))}::text[],
    ${column(({ decisions }) => decisions.mode ?? 'programmatic')}::text[],
    ${column((facts) => wordsOf(facts).join(' '))}::text[],
    ${column(({ endedAt }) => endedAt)}::timestamptz[],
    ${column(({ usage }) => microUsd(usage.costUsd))}::bigint[],
    ${column(({ usage }) => digitsOf(microUsd(usage.costUsd)))}::smallint[],
    ${rows.map(({ view }) => view.waitingFor.some(({ kind }) => kind === 'approval'))}::boolean[],
    ${rows.map(({ view }) => JSON.stringify(view))}::json[],
    ${rows.map(({ memory }) => JSON.stringify(memory))}::json[])
    as t(run_id, version, status, workflow, labels, started_at, submitted_by, decision_mode,
         words, ended_at, cost_micro_usd, cost_digits, is_person_asked, view, memory)`;
  await readModel(client, 'save-folds')
    .insertInto('run_view')
    .columns([
      'run_id',
      'version',
      'status',
      'workflow',
      'labels',
      'started_at',
      'submitted_by',
      'decision_mode',
      'words',
      'ended_at',
      'cost_micro_usd',
      'cost_digits',
      'is_person_asked',
      'view',
      'memory',
    ])
    .expression(unnested)
    .onConflict((conflict) =>
      conflict.column('run_id').doUpdateSet(({ ref }) => ({
        version: ref('excluded.version'),
        status: ref('excluded.status'),
        ended_at: ref('excluded.ended_at'),
        cost_micro_usd: ref('excluded.cost_micro_usd'),
        cost_digits: ref('excluded.cost_digits'),
        is_person_asked: ref('excluded.is_person_asked'),
        view: ref('excluded.view'),
        memory: ref('excluded.memory'),
      })),
    )
    .execute();
}

const microUsd = (usd: number | null): number | null => (usd === null ? null : microUsdOf(usd, 'up'));

/** How many digits a cost in whole micro-dollars has: none of one that is unknown, or nothing. */
export const digitsOf = (cost: number | null): number => (cost === null || cost < 1 ? 0 : `${Math.trunc(cost)}`.length);

export async function deleteFolds(client: Connection): Promise<void> {
  await readModel(client).deleteFrom('run_view').execute();
}

/** A label with what jsonb cannot hold is found under U+FFFD, and shown as it is. */
export const storableLabels = (labels: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(labels).map(([name, value]) => [storableText(name), storableText(value)]));
