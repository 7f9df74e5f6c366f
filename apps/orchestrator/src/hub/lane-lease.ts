import { BatonError, toError } from '@baton/contracts';
import { claimLane, type Lane, listLanes, releaseLane, renewLane } from '@baton/event-store';
import type { Logger } from '@baton/service-kit';
import type { Pool } from 'pg';

const LEASE_TTL_MS = 15_000;
const RENEW_EVERY_MS = 4_000;
/**
 * A lease that lasts no longer than this was not renewed for six seconds: its process is slow or gone. Its lane is not taken
 * from it, but its commands are looked after by others, too.
 */
export const LIVES_WHILE_LASTING_MS = LEASE_TTL_MS - RENEW_EVERY_MS - 2_000;

/** Whether the process that holds a lane by this name has ended for sure. */
export type IsGone = (owner: string) => boolean;

/**
 * Every lane, and whether a process that lives holds it. One whose process has ended for sure is given back in its place: of a
 * process that was killed and started again nothing waits for the lease of the one before.
 */
export async function livingLanes(
  pool: Pool,
  isGone: IsGone,
): Promise<readonly { readonly lane: number; readonly isHeld: boolean }[]> {
  const lanes = await listLanes(pool, LIVES_WHILE_LASTING_MS);
  return Promise.all(
    lanes.map(async ({ lane, fence, owner, isHeld }) => {
      if (!isHeld || owner === null || !isGone(owner)) return { lane, isHeld };
      await releaseLane(pool, { lane, fence });
      return { lane, isHeld: false };
    }),
  );
}

/**
 * The lane this process writes through. The lease is only a courtesy that keeps lanes apart; what protects the log is
 * the fencing token, checked inside every append. Losing the lease is final: `onLost` must end the process.
 */
export class LaneLease {
  #timer: NodeJS.Timeout | undefined;
  #renewal: Promise<void> = Promise.resolve();

  private constructor(
    private readonly pool: Pool,
    readonly lane: Lane,
  ) {}

  static async take(pool: Pool, owner: string): Promise<LaneLease> {
    const lane = await claimLane(pool, owner, LEASE_TTL_MS);
    if (lane === null) {
      throw new BatonError('All lanes are leased by other orchestrators.', {
        code: 'no-free-lane',
        next: 'Stop one of them, or wait 15 seconds if one was just killed.',
      });
    }
    return new LaneLease(pool, lane);
  }

  keep(log: Logger, onLost: (error: Error) => void): void {
    this.#timer = setInterval(() => {
      this.#renewal = renewLane(this.pool, this.lane, LEASE_TTL_MS).then(
        (isOurs) => {
          if (!isOurs) onLost(new Error(`lane ${this.lane.lane} was taken over by another orchestrator`));
        },
        (thrown) => log.warn({ err: toError(thrown) }, 'lane lease not renewed, trying again'),
      );
    }, RENEW_EVERY_MS);
  }

  /**
   * Gives the lane away while what is in work ends: from now on others look after it, as after that of a process that was not
   * heard for long. Nobody can claim it yet, so what is in work can still be written.
   */
  async giveAway(): Promise<void> {
    clearInterval(this.#timer);
    await this.#renewal;
    await renewLane(this.pool, this.lane, LIVES_WHILE_LASTING_MS).catch(() => {
      // Others see it a little later, when the lease was not renewed.
    });
  }

  /** Gives the lane back at once: whoever comes next need not wait for the lease, nor do results that come for it. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    // One that is on its way would lease the lane again.
    await this.#renewal;
    await releaseLane(this.pool, this.lane).catch(() => {
      // The lease runs out by itself; stopping must not fail because the database is already gone.
    });
  }
}
