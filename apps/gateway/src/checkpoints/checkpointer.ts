import { setTimeout as sleep } from 'node:timers/promises';
import { BatonError, toError } from '@baton/contracts';
import { accessHead, logHead } from '@baton/event-store';
import type { SignedCheckpoint } from '@baton/proof';
import { LogDiverges } from './log-diverges.js';
import { type CheckpointParts, makeCheckpoint } from './make-checkpoint.js';

/** The part of a pino logger that it uses. */
interface CheckpointLog {
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  fatal(facts: object, message: string): void;
}

export interface CheckpointerOptions extends CheckpointParts {
  readonly log: CheckpointLog;
  /** An event is signed so long after it was written, at the latest; sooner where so many wait. */
  readonly delayMs: number;
  readonly events: number;
}

/** `stopped`: the log is not the one that was signed, and nothing more is signed by this process. */
export type CheckpointerState =
  | { readonly status: 'running'; readonly published: SignedCheckpoint | null; readonly failure: Error | null }
  | { readonly status: 'stopped'; readonly error: Error };

const POLL_MS = 250;
const MOST_BACKOFF_MS = 30_000;

/*
 *            events wait long enough, or many do, or somebody asks
 *   idle ────────────────────────────────────────────────────────▶ making a checkpoint ──▶ idle
 *     ▲                                                               │      │
 *     └── after a backoff: database or publication failed ────────────┘      └──▶ stopped: what is there is not what was signed
 *
 * Each gateway has one; the database lets one at a time make a checkpoint, the others find it made.
 */

/** Signs the log, and the log of access beside it, at a bounded delay, and publishes what it signed. */
export class Checkpointer {
  readonly #stopping = new AbortController();
  readonly #loop: Promise<void>;
  #state: CheckpointerState = { status: 'running', published: null, failure: null };
  /** Since when events wait to be signed; null where none do. */
  #waitingSinceMs: number | null = null;
  #isAsked = true;
  /** When the log of access was looked at last, and how far it was then. */
  #access = { atMs: 0, position: 0 };

  private constructor(private readonly options: CheckpointerOptions) {
    this.#loop = this.#run();
  }

  static start(options: CheckpointerOptions): Checkpointer {
    return new Checkpointer(options);
  }

  get state(): CheckpointerState {
    return this.#state;
  }

  /** Resolves when the checkpoint at hand is published or given up. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
  }

  /** Has the log signed now rather than when it is due. */
  hurry(): void {
    this.#isAsked = true;
  }

  async #run(): Promise<void> {
    const { log } = this.options;
    for (let failures = 0; !this.#stopping.signal.aborted; ) {
      try {
        if (await this.#isDue()) await this.#make();
        if (failures > 0) log.info({ failures }, 'checkpoints go on');
        failures = 0;
        await this.#pause(POLL_MS);
      } catch (thrown) {
        const error = toError(thrown);
        if (isFinal(error)) {
          this.#state = { status: 'stopped', error };
          log.fatal({ err: error }, 'the log is signed no more: it is not what was signed');
          return;
        }
        failures += 1;
        if (this.#state.status === 'running') this.#state = { ...this.#state, failure: error };
        // One line for an outage, not one for every attempt.
        if (failures === 1) log.warn({ err: error }, 'a checkpoint could not be published; it is tried again');
        await this.#pause(Math.min(MOST_BACKOFF_MS, POLL_MS * 2 ** Math.min(failures, 10)));
      }
    }
  }

  async #isDue(): Promise<boolean> {
    const signed = this.#state.status === 'running' ? (this.#state.published?.size ?? 0) : 0;
    const waiting = (await logHead(this.options.pool)) - signed;
    if (await this.#isAccessDue()) return true;
    if (waiting === 0 && !this.#isAsked) this.#waitingSinceMs = null;
    else this.#waitingSinceMs ??= performance.now();
    if (this.#isAsked || waiting < 0 || waiting >= this.options.events) return true;
    return this.#waitingSinceMs !== null && performance.now() - this.#waitingSinceMs >= this.options.delayMs - POLL_MS;
  }

  /** The log of access grows by what operators do, and by refusals: it is looked at once in a while. */
  async #isAccessDue(): Promise<boolean> {
    if (performance.now() - this.#access.atMs < this.options.delayMs - POLL_MS) return false;
    const before = this.#access.position;
    this.#access = { atMs: performance.now(), position: (await accessHead(this.options.pool)).position };
    return this.#access.position !== before;
  }

  async #make(): Promise<void> {
    this.#isAsked = false;
    const made = await makeCheckpoint(this.options).catch((thrown: unknown) => {
      this.#isAsked = true;
      throw thrown;
    });
    this.#waitingSinceMs = null;
    if (made !== null) this.#state = { status: 'running', published: made, failure: null };
  }

  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#stopping.signal }).catch(() => {
      // Stopped while waiting: the loop ends.
    });
  }
}

const isFinal = (error: Error): boolean =>
  error instanceof LogDiverges ||
  (error instanceof BatonError && ['published-otherwise', 'bad-note', 'bad-key'].includes(error.code));
