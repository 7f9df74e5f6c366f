import { INTAKE_QUEUE, laneResultsQueue, toError } from '@baton/contracts';
import type { Logger } from '@baton/service-kit';
import { ProblemError } from '../http/problem.js';
import type { Queues } from './queues.js';

/*
 * A run that is accepted is kept, whatever comes: so more than hubs can begin must not be accepted, or it lies in the database and
 * is begun long after anybody asked for it. What waits for hubs is looked at once a second while submissions come, and not at all
 * otherwise; where it is more than they get done in half a minute, new submissions are told to come again. All else is let
 * through: to cancel, to answer and to look is what helps in such an hour.
 *
 * Workers that are slow or not there refuse nothing: what waits for them may wait for days.
 */

const LOOK_EVERY_MS = 1_000;
/** An older look says nothing about now. */
const TRUSTED_MS = 5_000;
/** What is done in this time may wait. */
const WORTH_SECONDS = 30;
/** Results that have waited for longer are of hubs that are behind. */
const RESULTS_WAIT_MS = 20_000;
const AGAIN = { leastSeconds: 1, mostSeconds: 30 };

export interface BacklogPorts {
  readonly queues: Pick<Queues, 'counts' | 'flow'>;
  /** The lanes that hubs hold. */
  readonly lanes: () => Promise<readonly number[]>;
  /** So many requests may wait, however little is done; null: everything is accepted. */
  readonly leastWaiting: number | null;
  readonly monotonicMs: () => number;
  readonly log: Pick<Logger, 'warn' | 'debug'>;
}

interface Look {
  readonly atMs: number;
  /** In how many seconds it is worth to come again; null where there is room. */
  readonly againSeconds: number | null;
}

export class Backlog {
  #last: Look | null = null;
  #looking: Promise<void> | null = null;

  constructor(private readonly ports: BacklogPorts) {}

  /** To be called for each new submission. @throws ProblemError 429 while more waits than hubs come to soon */
  refuseWhenFull(): void {
    if (this.ports.leastWaiting === null) return;
    const nowMs = this.ports.monotonicMs();
    const ageMs = this.#last === null ? Number.POSITIVE_INFINITY : nowMs - this.#last.atMs;
    if (ageMs >= LOOK_EVERY_MS) this.#looking ??= this.#look();
    const seconds = ageMs < TRUSTED_MS ? (this.#last?.againSeconds ?? null) : null;
    if (seconds === null) return;
    throw new ProblemError('More runs wait to be begun than the orchestrators come to.', {
      status: 429,
      code: 'too-much-waits',
      next: `Send it again in ${seconds} s, with the same Idempotency-Key; another orchestrator makes room sooner.`,
      headers: { 'retry-after': String(seconds) },
    });
  }

  async #look(): Promise<void> {
    const { monotonicMs, log } = this.ports;
    try {
      const againSeconds = await this.#againSeconds();
      if (againSeconds !== null && (this.#last?.againSeconds ?? null) === null)
        log.warn({ againSeconds }, 'more waits than orchestrators come to, new runs are refused');
      this.#last = { atMs: monotonicMs(), againSeconds };
    } catch (thrown) {
      // What is accepted meanwhile is in Postgres: queues that are away delay a run and refuse none.
      log.debug({ err: toError(thrown) }, 'could not look at what waits');
    } finally {
      this.#looking = null;
    }
  }

  async #againSeconds(): Promise<number | null> {
    const { queues, lanes, leastWaiting } = this.ports;
    const [{ waiting }, { doneLastMinute }] = await Promise.all([
      queues.counts(INTAKE_QUEUE),
      queues.flow(INTAKE_QUEUE),
    ]);
    const aSecond = doneLastMinute / 60;
    const most = Math.max(leastWaiting ?? 0, aSecond * WORTH_SECONDS);
    if (waiting >= most) return within((waiting - most / 2) / Math.max(1, aSecond));
    const flows = await Promise.all((await lanes()).map((lane) => queues.flow(laneResultsQueue(lane))));
    // Of a hub that does nothing at all nobody says that it has too much to do.
    const late = flows.filter(({ oldestMs, doneLastMinute: done }) => done > 0 && (oldestMs ?? 0) > RESULTS_WAIT_MS);
    return late.length === 0 ? null : AGAIN.mostSeconds;
  }
}

const within = (seconds: number): number =>
  Math.min(AGAIN.mostSeconds, Math.max(AGAIN.leastSeconds, Math.ceil(seconds)));
