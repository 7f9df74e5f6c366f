import { setTimeout as sleep } from 'node:timers/promises';
import { toError } from '@baton/contracts';
import type { ArchivePass } from '../parts/archives.js';
import type { ArchiveParts } from './archive-parts.js';
import { archivePass } from './archive-pass.js';

/** Soon after a start what a killed process left is finished. */
const FIRST_AFTER_MS = 5_000;
const EVERY_MS = 60_000;

/** Archives what is due, now and then. Each gateway has one; the database lets one at a time work. */
export class Archiver {
  readonly #stopping = new AbortController();
  readonly #loop: Promise<void>;
  #problem: string | null = null;

  private constructor(private readonly parts: ArchiveParts) {
    this.#loop = this.#run();
  }

  static start(parts: ArchiveParts): Archiver {
    return new Archiver(parts);
  }

  /** Why the last pass did not come to its end; null where it did. */
  get problem(): string | null {
    return this.#problem;
  }

  /** A pass now. @returns null where another process is at one */
  async now(): Promise<ArchivePass | null> {
    try {
      const done = await archivePass(this.parts, this.#stopping.signal);
      this.#problem = null;
      return done;
    } catch (thrown) {
      this.#problem = toError(thrown).message;
      throw thrown;
    }
  }

  /** Resolves when the run at hand is archived, or given up. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
  }

  async #run(): Promise<void> {
    const { log } = this.parts;
    await this.#pause(FIRST_AFTER_MS);
    for (let failures = 0; !this.#stopping.signal.aborted; ) {
      try {
        const done = await this.now();
        if (done !== null && done.runs > 0) log.info({ ...done }, 'runs were archived');
        failures = 0;
      } catch (thrown) {
        failures += 1;
        // One line for an outage, not one for every attempt.
        if (failures === 1) log.warn({ err: toError(thrown) }, 'runs could not be archived; it is tried again');
      }
      await this.#pause(EVERY_MS);
    }
  }

  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#stopping.signal }).catch(() => {
      // Stopped while waiting: the loop ends.
    });
  }
}
