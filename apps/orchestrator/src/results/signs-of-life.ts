import type { TaskHeartbeat } from '@baton/contracts';
import { moveHeartbeat, waitsForHeartbeat } from '@baton/event-store';
import type { Pool } from 'pg';
import type { Hub } from '../hub/hub.js';

type Beat = Pick<TaskHeartbeat, 'runId' | 'commandId' | 'dispatchNo' | 'nonce' | 'waitSeconds'>;

/** Of so many workers it is known that they give proof; with more it is learnt anew, by their next sign of life. */
const MOST_PROVERS = 10_000;

/*
 * Anybody who may answer tasks may say that one goes on. It is believed of whoever was given the task, which the nonce proves. A
 * worker of the former version names none: it is believed as long as it says in its announcements that it has the task, and it has
 * never been seen to prove anything.
 */
export class SignsOfLife {
  readonly #provers = new Set<string>();

  constructor(
    private readonly pool: Pool,
    private readonly nonceOf: Hub['nonceOf'],
  ) {}

  /** @returns why it is not believed; null where it is, or where nobody waits for it */
  async take({ runId, commandId, dispatchNo, nonce, waitSeconds }: Beat): Promise<string | null> {
    if (!commandId.startsWith(`${runId}-`)) return 'foreign-command: The command does not belong to the run.';
    const isProven = nonce !== undefined;
    if (isProven && nonce !== this.nonceOf({ commandId, dispatchNo }))
      return 'unproven-heartbeat: It names a nonce that is not that of the task.';
    const beat = { commandId, dispatchNo, waitSeconds, isProven, provers: [...this.#provers] };
    const moved = await moveHeartbeat(this.pool, beat);
    if (moved === null)
      return !isProven && (await waitsForHeartbeat(this.pool, commandId))
        ? 'unproven-heartbeat: It does not name the nonce of the task, and no worker says to have that and to know none.'
        : null;
    if (isProven && moved.holder !== null) this.#learn(moved.holder);
    return null;
  }

  #learn(workerId: string): void {
    if (this.#provers.size >= MOST_PROVERS) this.#provers.clear();
    this.#provers.add(workerId);
  }
}
