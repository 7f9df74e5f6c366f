import { BatonError, TerminalError, toError } from '@baton/contracts';
import type { ClientBase, Pool } from 'pg';
import { query } from './pool.js';

/** An event that was acknowledged: the last one that somebody knows of. */
export interface KnownEnd {
  readonly position: number;
  readonly eventId: string;
}

/**
 * What a process knows of the end of the log. A standby that becomes the primary may lack the last events, where it did not have
 * to have them before they were acknowledged, and a backup surely does. Whoever went on would write others in their places, and
 * nobody could tell. So each new connection is asked first whether it leads to a log that holds the known end: only by a new
 * one can a process come to another server.
 */
export class LogWitness {
  #end: KnownEnd | null = null;
  readonly #onAccepted: () => void;

  /** @param onAccepted somebody accepted that the known end is lost: what others were told of it holds no more */
  constructor(onAccepted: () => void = () => {}) {
    this.#onAccepted = onAccepted;
  }

  get end(): KnownEnd | null {
    return this.#end;
  }

  /** This was acknowledged, to this process or to one that told of it. */
  saw(end: KnownEnd): void {
    if (this.#end === null || end.position > this.#end.position) this.#end = end;
  }

  /**
   * What is found is written down, so that it is not forgotten with the process that knew.
   * @throws TerminalError `log-end-lost`, until somebody accepted it
   */
  async assure(connection: Pool | ClientBase): Promise<void> {
    const end = this.#end;
    const rows = await query<{ head: number; found: string | null; is_accepted: boolean | null }>(
      connection,
      'log-end',
      `select l.head, (select e.event_id from baton.event e where e.position = $1) as found,
              (select o.accepted_at is not null from baton.log_loss o where o.known_event_id = $2) as is_accepted
         from baton.log l`,
      [end?.position ?? 0, end?.eventId ?? null],
    );
    const [row] = rows;
    if (end !== null && row !== undefined && !holds(row, end)) {
      if (row.is_accepted === true) {
        this.#end = null;
        this.#onAccepted();
      } else if (row.is_accepted === null) {
        await query(
          connection,
          'note-log-loss',
          `insert into baton.log_loss (known_event_id, known_position, head) values ($1, $2, $3)
           on conflict (known_event_id) do nothing`,
          [end.eventId, end.position, row.head],
        );
      }
    }
    const [loss] = await openLosses(connection);
    if (loss !== undefined) throw logEndLost(loss);
  }
}

/** An event that was archived stands in no row; then its position is all there is to compare. */
const holds = ({ head, found }: { readonly head: number; readonly found: string | null }, end: KnownEnd): boolean =>
  head >= end.position && (found === null || found === end.eventId);

/** That events are gone, which nobody has accepted yet. */
export interface LogLoss {
  readonly knownPosition: number;
  readonly head: number;
  readonly foundAt: string;
}

interface LossRow {
  readonly known_position: number;
  readonly head: number;
  readonly found_at: Date;
}

const toLoss = ({ known_position, head, found_at }: LossRow): LogLoss => ({
  knownPosition: known_position,
  head,
  foundAt: found_at.toISOString(),
});

async function openLosses(connection: Pool | ClientBase): Promise<readonly LogLoss[]> {
  const rows = await query<LossRow>(
    connection,
    'open-log-losses',
    'select known_position, head, found_at from baton.log_loss where accepted_at is null order by known_position desc',
  );
  return rows.map(toLoss);
}

/** @throws TerminalError `log-end-lost` while a loss is open */
export async function assertNoLogLoss(pool: Pool): Promise<void> {
  const [loss] = await openLosses(pool);
  if (loss !== undefined) throw logEndLost(loss);
}

/** Somebody knows what was lost, and has it gone on from what is there. @returns what is accepted now */
export async function acceptLogLoss(pool: Pool, by: string): Promise<readonly LogLoss[]> {
  const rows = await query<LossRow>(
    pool,
    'accept-log-loss',
    `update baton.log_loss set accepted_at = clock_timestamp(), accepted_by = $1 where accepted_at is null
     returning known_position, head, found_at`,
    [by],
  );
  return rows.map(toLoss);
}

const logEndLost = ({ knownPosition, head, foundAt }: LogLoss): TerminalError =>
  new TerminalError(
    `The log has lost its end: event ${knownPosition} was acknowledged and is not there; the log ended at ${head} when that was found (${foundAt}). Nothing is appended.`,
    {
      code: 'log-end-lost',
      next: 'Make the server with the whole log the primary again, or, where it is gone, accept the loss with `baton database accept-loss`. See "When the log has lost its end" in docs/operating.md.',
    },
  );

/** Whether it is what a witness throws. */
export const isLogEndLost = (thrown: unknown): boolean => {
  const error = toError(thrown);
  return error instanceof BatonError && error.code === 'log-end-lost';
};
