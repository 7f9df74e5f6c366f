import { toError } from '@baton/contracts';
import type { Logger } from '@baton/service-kit';

const READ_EVERY_MS = 5_000;
/** Clocks that run on differ by less between two looks; more means that one of them was set, or that the machine slept. */
const JUMP_MS = 1_000;

export interface DatabaseClockPorts {
  readonly readDatabaseMs: () => Promise<number>;
  /** The clock of this machine: milliseconds since the epoch. It may be wrong, and may be set at any time. */
  readonly nowMs: () => number;
  readonly monotonicMs: () => number;
  readonly log: Logger;
}

interface Reading {
  readonly nowMs: number;
  readonly monotonicMs: number;
  readonly databaseMs: number;
}

/**
 * The database's clock, as this process knows it. All hubs decide and record by it, and what they wrote is compared with
 * it in SQL, so the clocks of their machines do not matter: ADR 19.
 */
export class DatabaseClock {
  #reading: Reading;
  #reRead: Promise<void> | null = null;

  private constructor(
    private readonly ports: DatabaseClockPorts,
    reading: Reading,
  ) {
    this.#reading = reading;
  }

  static async start(ports: DatabaseClockPorts): Promise<DatabaseClock> {
    return new DatabaseClock(ports, await read(ports));
  }

  /**
   * Whole milliseconds since the epoch: what the database said, and what went by since then. This machine's clock has no part in
   * it, since that may be set between any two lines; it shows that the machine slept, which the other one does not count.
   */
  nowMs(): number {
    const { databaseMs, monotonicMs } = this.#reading;
    return Math.round(databaseMs + this.ports.monotonicMs() - monotonicMs);
  }

  /** To be awaited before the time is used: asks the database again where this machine's clock was set meanwhile. */
  async settle(): Promise<void> {
    const { nowMs, monotonicMs, log } = this.ports;
    const elapsedMs = monotonicMs() - this.#reading.monotonicMs;
    const hasJumped = Math.abs(nowMs() - this.#reading.nowMs - elapsedMs) > JUMP_MS;
    if (!hasJumped && elapsedMs < READ_EVERY_MS) return;
    const reading = this.#readAgain();
    if (hasJumped) return reading;
    // Nothing is wrong yet, so nobody has to wait for it.
    reading.catch((thrown: unknown) =>
      log.debug({ err: toError(thrown) }, 'database clock not read, it is tried again'),
    );
  }

  #readAgain(): Promise<void> {
    this.#reRead ??= read(this.ports)
      .then((reading) => {
        this.#reading = reading;
      })
      .finally(() => {
        this.#reRead = null;
      });
    return this.#reRead;
  }
}

/** The answer is of some moment between the question and its arrival: the middle is taken. */
async function read({ readDatabaseMs, nowMs, monotonicMs }: DatabaseClockPorts): Promise<Reading> {
  const askedMs = monotonicMs();
  const databaseMs = await readDatabaseMs();
  const reading = { nowMs: nowMs(), monotonicMs: monotonicMs() };
  return { ...reading, databaseMs: databaseMs + (reading.monotonicMs - askedMs) / 2 };
}
