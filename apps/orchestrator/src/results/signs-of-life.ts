import type { TaskHeartbeat } from '@baton/contracts';
import { moveHeartbeat, waitsForHeartbeat } from '@baton/event-store';
import type { Pool } from 'pg';
import type { Hub } from '../hub/hub.js';

type Beat = Pick<TaskHeartbeat, 'runId' | 'commandId' | 'dispatchNo' | 'nonce' | 'waitSeconds'>;

/** Of so many tasks it is known who gave proof; with more it is learnt anew, by their next sign of life. */
const MOST_PROVEN = 10_000;

/*
 * Anybody who may answer tasks may say that one goes on. It is believed of whoever was given the task, which the nonce proves. A
 * worker of the former version names none: it is believed as long as it says in its announcements that it has the task, and nobody
 * proved to have it while it said so. That is kept for the task alone: who proved it may be another than who announces it, as where
 * a task was sent anew and its new worker beats before it is announced, and the former one has other tasks.
 */
export class SignsOfLife {
  /** Of each command that was proven, who was announced to have it then. */
  readonly #holders = new Map<string, ReadonlySet<string>>();

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
    const provers = isProven ? null : [...(this.#holders.get(commandId) ?? [])];
    const moved = await moveHeartbeat(this.pool, { commandId, dispatchNo, waitSeconds, provers });
    if (moved === null)
      return !isProven && (await waitsForHeartbeat(this.pool, commandId))
        ? 'unproven-heartbeat: It does not name the nonce of the task, and no worker says to have that and to know none.'
        : null;
    if (isProven && moved.holder !== null) this.#learn(commandId, moved.holder);
    return null;
  }

  #learn(commandId: string, workerId: string): void {
    if (this.#holders.size >= MOST_PROVEN) this.#holders.clear();
    this.#holders.set(commandId, new Set(this.#holders.get(commandId)).add(workerId));
  }
}
