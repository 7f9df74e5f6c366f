import { type Fate, MOST_FATES } from '@baton/foresight';
import { sql } from 'kysely';
import { type Connection, readModel } from '../database.js';
import type { FoldedEvent } from './decision-store.js';
import type { Tracked } from './tracked-run.js';

/** A run that fails in a page. */
interface Failing {
  readonly workflow: string;
  readonly beganPosition: number;
}

interface Begun {
  readonly beganPosition: number;
  readonly fate: Fate;
}

interface Row {
  readonly run_id: string;
  readonly workflow: string;
  readonly began_position: number;
  readonly is_open: boolean;
  readonly is_counted: boolean;
  readonly is_success: boolean | null;
}

/** Those that fail for the first time: others are tracked no more, and a fork never was. */
export function failingIn(events: readonly FoldedEvent[], runs: ReadonlyMap<string, Tracked>): readonly Failing[] {
  const begun = new Map<string, Failing>();
  return events.flatMap(({ event, stored: { runId, position } }) => {
    if (event.type === 'RunStarted') begun.set(runId, { workflow: event.data.workflow.name, beganPosition: position });
    if (event.type !== 'RunFailed') return [];
    const run = runs.get(runId);
    const known =
      run === undefined ? begun.get(runId) : { workflow: run.kind.workflow, beganPosition: run.beganPosition };
    return known ?? [];
  });
}

/**
 * What had become, by each place of a page, of the runs that began before those that fail in it. What begins and ends in the page is
 * noted as it comes, so that it is the same however the log is cut into pages.
 */
export class Fates {
  readonly #begun = new Map<string, Map<string, Begun>>();
  /** Where the run began with which it was told last that runs of a workflow fail more often: what is usual begins anew there. */
  readonly #told = new Map<string, number>();

  /** @param before what was known at this position */
  static async load(client: Connection, failing: readonly Failing[], before: number): Promise<Fates> {
    const fates = new Fates();
    if (failing.length === 0) return fates;
    for (const { workflow } of failing) fates.#begun.set(workflow, new Map());
    const { rows } = await sql<Row>`
      select distinct b.* from unnest(
        ${failing.map(({ workflow }) => workflow)}::text[],
        ${failing.map(({ beganPosition }) => beganPosition)}::bigint[]) f(workflow, began)
        cross join lateral (
          select run_id, workflow, began_position, coalesce(ended_position >= ${before}::bigint, true) as is_open, is_counted, is_success
            from baton.run_expectation r
           where r.workflow = f.workflow and r.began_position <= f.began
           order by r.began_position desc limit ${MOST_FATES}) b`.execute(readModel(client, 'fates'));
    for (const row of rows) {
      const how = row.is_success === true ? 'succeeded' : 'failed';
      const fate = row.is_open ? 'open' : row.is_counted ? how : 'cancelled';
      fates.#begun.get(row.workflow)?.set(row.run_id, { beganPosition: row.began_position, fate });
    }
    const told = await sql<{ workflow: string; began: number }>`
      select a.workflow, max(r.began_position) as began
        from baton.anomaly a join baton.run_expectation r using (run_id)
       where a.workflow = any(${[...fates.#begun.keys()]}::text[]) and a.measure = 'failures' and a.position < ${before}::bigint
       group by a.workflow`.execute(readModel(client, 'told-failures'));
    for (const { workflow, began } of told.rows) fates.#told.set(workflow, began);
    return fates;
  }

  /** A run as it is now. */
  note({ runId, kind, beganPosition, ended }: Tracked): void {
    const how = ended?.outcome.isSuccess === true ? 'succeeded' : 'failed';
    const fate = ended === null ? 'open' : ended.isCounted ? how : 'cancelled';
    this.#begun.get(kind.workflow)?.set(runId, { beganPosition, fate });
  }

  /** It was told with this run. */
  told({ kind, beganPosition }: Tracked): void {
    this.#told.set(kind.workflow, beganPosition);
  }

  /** Of the runs that began since it was told last, up to a run: that one is the last. None where it began before that. */
  upTo({ kind: { workflow }, beganPosition: last }: Tracked): readonly Fate[] {
    const after = this.#told.get(workflow) ?? 0;
    if (last <= after) return [];
    return [...(this.#begun.get(workflow)?.values() ?? [])]
      .filter(({ beganPosition }) => beganPosition <= last)
      .toSorted((one, other) => one.beganPosition - other.beganPosition)
      .slice(-MOST_FATES)
      .filter(({ beganPosition }) => beganPosition > after)
      .map(({ fate }) => fate);
  }
}
