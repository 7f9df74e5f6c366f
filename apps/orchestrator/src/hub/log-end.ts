import { toError } from '@baton/contracts';
import {
  type AppendItem,
  type AppendResult,
  isLogEndLost,
  type KnownEnd,
  LogWitness,
  logName,
} from '@baton/event-store';
import type { QueueEpoch } from '@baton/messaging';
import type { Logger } from '@baton/service-kit';
import type { ClientBase, Pool } from 'pg';
import type { HubStore } from './hub-store.js';
import { Repeat } from './repeat.js';

const LOOK_EVERY_MS = 5_000;
/** So much less than all may be known to the queue server of what hubs wrote that ended together with the database. */
const TELL_EVERY_MS = 250;

/**
 * Sees to it that no hub goes on from a log that lacks what was acknowledged: to this process, which remembers it, or to one
 * that told the queue server, which is another than that of the log when it is a Redis.
 */
export class LogEnd {
  readonly witness: LogWitness;
  readonly #log: Logger;
  readonly #onLost: (error: Error) => void;
  #teller: ((end: KnownEnd | null) => Promise<void>) | null = null;
  #telling: Promise<void> = Promise.resolve();
  #isTelling = false;
  #later: NodeJS.Timeout | undefined;
  #isStopped = false;

  /** @param onLost must end the process */
  constructor(log: Logger, onLost: (error: Error) => void) {
    this.#log = log;
    this.#onLost = onLost;
    this.witness = new LogWitness(() => this.#tell(null));
  }

  /** From now on it knows what the queue server knows. @throws TerminalError `log-end-lost` */
  async open(pool: Pool, epoch: QueueEpoch): Promise<void> {
    const name = await logName(pool);
    this.#teller = (end) => epoch.tellEnd(name, end);
    const known = await epoch.knownEnd(name);
    if (known !== null) this.witness.saw(known);
    await this.witness.assure(pool);
  }

  /** Of each new connection, once it is known that the log is there at all. @throws as open */
  async assure(client: ClientBase): Promise<void> {
    if (this.#teller === null) return;
    await this.witness.assure(client).catch((thrown: unknown) => this.#fail(thrown));
  }

  /** What another hub finds stops this one, too. */
  watch(pool: Pool): Repeat {
    const look = (): Promise<void> => this.witness.assure(pool).catch((thrown: unknown) => this.#fail(thrown));
    return new Repeat('log-end', LOOK_EVERY_MS, look, this.#log).start();
  }

  /** The store, with what it wrote noted. */
  noting(store: HubStore): HubStore {
    return {
      ...store,
      append: async (dispatchedSeq, items, along) => {
        const result = await store.append(dispatchedSeq, items, along);
        const end = endOf(items, result);
        if (end !== null) {
          this.witness.saw(end);
          this.#tell(end);
        }
        return result;
      },
    };
  }

  async stop(): Promise<void> {
    this.#endTelling();
    await this.#telling;
  }

  #endTelling(): void {
    this.#isStopped = true;
    clearTimeout(this.#later);
  }

  #fail(thrown: unknown): never {
    if (isLogEndLost(thrown)) {
      // Whoever accepts the loss must not be told of what was lost once more.
      this.#endTelling();
      this.#onLost(toError(thrown));
    }
    throw thrown;
  }

  /** The newest alone, and now and then: it is no more than a witness, and nobody waits for it. */
  #tell(end: KnownEnd | null): void {
    const tell = this.#teller;
    if (tell === null || this.#isTelling || this.#isStopped) return;
    this.#isTelling = true;
    this.#telling = tell(end).then(
      () => {
        if (!this.#isStopped) this.#later = setTimeout(() => this.#tellNewer(end), TELL_EVERY_MS).unref();
      },
      (thrown) => {
        this.#isTelling = false;
        this.#log.debug({ err: toError(thrown) }, 'the end of the log could not be told');
      },
    );
  }

  #tellNewer(end: KnownEnd | null): void {
    this.#isTelling = false;
    const newest = this.witness.end;
    if (newest !== null && newest.position !== end?.position) this.#tell(newest);
  }
}

function endOf(items: readonly AppendItem[], result: AppendResult): KnownEnd | null {
  if (!result.ok) return null;
  const events = items.flatMap((item) => item.events);
  const last = events.at(-1);
  return last === undefined ? null : { position: result.firstPosition + events.length - 1, eventId: last.eventId };
}
