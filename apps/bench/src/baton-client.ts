import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { INTAKE_QUEUE, requestJobId, runIdOfRequest } from '@baton/contracts';
import type { Messaging } from '@baton/messaging';
import type { Pool } from 'pg';

/** One who submits runs and is told when each has ended, so that loops can be closed. */
export interface BatonClient {
  /** Submits a run and waits until its end is in the log. */
  readonly run: (workflow: string) => Promise<void>;
  readonly stop: () => Promise<void>;
}

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** What the client itself asks the database, time and again. */
export const ENDED_AMONG = 'select run_id from baton.stream where run_id = any($1::uuid[]) and status = 1';
const FAILED = `select run_id from baton.event where type = 'RunFailed' limit 1`;

/**
 * Ends are seen by looking, one query for all runs under way: that costs the database something, and a run on average half
 * the time between two looks. A single run is looked after more often than many.
 */
const pauseMs = (underWay: number): number => (underWay === 1 ? 1 : 3);

export function batonClient(pool: Pool, messaging: Messaging): BatonClient {
  const waiting = new Map<string, Waiting>();
  let isStopped = false;
  let loop: Promise<void> | null = null;

  const fail = (error: Error): void => {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };

  const look = async (): Promise<void> => {
    while (waiting.size > 0 && !isStopped) {
      const { rows } = await pool.query<{ run_id: string }>({
        name: 'bench-ended',
        text: ENDED_AMONG,
        values: [[...waiting.keys()]],
      });
      for (const { run_id } of rows) {
        waiting.get(run_id)?.resolve();
        waiting.delete(run_id);
      }
      await sleep(pauseMs(waiting.size));
    }
    loop = null;
  };

  return {
    async run(workflow) {
      const requestId = randomUUID();
      const ended = new Promise<void>((resolve, reject) => waiting.set(runIdOfRequest(requestId), { resolve, reject }));
      await messaging.publish(INTAKE_QUEUE, [
        { jobId: requestJobId(requestId), name: 'submit', data: { requestId, workflow, input: {} } },
      ]);
      loop ??= look().catch((error: Error) => fail(error));
      await ended;
    },
    async stop() {
      isStopped = true;
      await loop;
      const { rows } = await pool.query<{ run_id: string }>(FAILED);
      if (rows[0] !== undefined) throw new Error(`run ${rows[0].run_id} of the bench failed`);
    },
  };
}
