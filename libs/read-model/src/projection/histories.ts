import { type FullOutcome, type History, MOST_SAMPLES } from '@baton/foresight';
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { type Connection, readModel } from '../database.js';

/** Runs that are compared with each other. */
export interface Kind {
  readonly workflow: string;
  readonly version: string;
  readonly sizeClass: number;
}

interface Row {
  readonly key: number;
  readonly is_alike: boolean;
  readonly duration_ms: number;
  readonly cost_micro_usd: number | null;
  readonly is_success: boolean;
  readonly rounds: number;
  readonly score: number | null;
  readonly disagreements: number;
  readonly errors: number;
}

const keyOf = ({ workflow, version, sizeClass }: Kind): string => JSON.stringify([workflow, version, sizeClass]);

/**
 * The newest runs that had ended by some place in the log, of the kinds that begin in a page; what ends in the page is added as
 * it comes. So a page costs a statement, however many runs begin and end in it.
 */
export class Histories {
  readonly #alike = new Map<string, FullOutcome[]>();
  readonly #all = new Map<string, FullOutcome[]>();

  /**
   * @param before runs that ended before this position
   * @param isSeen of the newest runs `h`, those that somebody has to do with; null: all
   */
  static async load(
    client: Connection,
    kinds: readonly Kind[],
    before: number,
    isSeen: RawBuilder<SqlBool> | null = null,
  ): Promise<Histories> {
    const histories = new Histories();
    if (kinds.length === 0) return histories;
    const asked = [...new Map(kinds.map((kind) => [keyOf(kind), kind])).values()];
    const workflows = [...new Set(asked.map(({ workflow }) => workflow))];
    const columns = sql`duration_ms, cost_micro_usd, is_success, rounds, score, disagreements, errors, ended_position, run_id`;
    const seen = isSeen ?? sql<SqlBool>`true`;
    const { rows } = await sql<Row>`
      select key - 1 as key, true as is_alike, h.* from unnest(
        ${asked.map(({ workflow }) => workflow)}::text[], ${asked.map(({ version }) => version)}::text[],
        ${asked.map(({ sizeClass }) => sizeClass)}::smallint[]) with ordinality k(workflow, version, size, key)
        cross join lateral (
          select ${columns} from baton.run_expectation r
           where r.workflow = k.workflow and r.workflow_version = k.version and r.size_class = k.size and is_counted
             and ended_position < ${before}::bigint order by ended_position desc limit ${MOST_SAMPLES}) h
       where ${seen}
      union all
      select key - 1, false, h.* from unnest(${workflows}::text[]) with ordinality k(workflow, key)
        cross join lateral (
          select ${columns} from baton.run_expectation r
           where r.workflow = k.workflow and is_counted and ended_position < ${before}::bigint
           order by ended_position desc limit ${MOST_SAMPLES}) h
       where ${seen}
      order by ended_position`.execute(readModel(client, isSeen === null ? 'histories' : undefined));
    for (const row of rows) {
      const kind = asked[row.key];
      if (row.is_alike && kind !== undefined) listIn(histories.#alike, keyOf(kind)).push(toOutcome(row));
      if (!row.is_alike) listIn(histories.#all, workflows[row.key] ?? '').push(toOutcome(row));
    }
    return histories;
  }

  of(kind: Kind): History<FullOutcome> {
    return {
      alike: listIn(this.#alike, keyOf(kind)).slice(-MOST_SAMPLES),
      all: listIn(this.#all, kind.workflow).slice(-MOST_SAMPLES),
    };
  }

  /** A run of that kind has ended, as the last one so far. */
  add(kind: Kind, outcome: FullOutcome): void {
    listIn(this.#alike, keyOf(kind)).push(outcome);
    listIn(this.#all, kind.workflow).push(outcome);
  }
}

function listIn(lists: Map<string, FullOutcome[]>, key: string): FullOutcome[] {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  return list;
}

const toOutcome = (row: Row): FullOutcome => ({
  durationMs: row.duration_ms,
  costMicroUsd: row.cost_micro_usd,
  isSuccess: row.is_success,
  rounds: row.rounds,
  score: row.score,
  disagreements: row.disagreements,
  errors: row.errors,
});
