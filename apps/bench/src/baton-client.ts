import { randomUUID } from 'node:crypto';
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

/** What the client itself asks the database, now and then. */
export const ENDED_AMONG = 'select run_id from baton.stream where run_id = any($1::uuid[]) and status = 1';
const FAILED = `select run_id from baton.event where type = 'RunFailed' limit 1`;

/** A word may be missed. */
const LOOK_EVERY_MS = 250;

/** Hubs tell of the ends of runs once these are in the log; what was not heard is found by looking. */
export async function batonClient(pool: Pool, messaging: Messaging): Promise<BatonClient> {
  const waiting = new Map<string, Waiting>();

  const end = (runIds: readonly string[]): void => {
    for (const runId of runIds) {
      waiting.get(runId)?.resolve();
      waiting.delete(runId);
    }
  };
  const fail = (error: Error): void => {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  const look = async (): Promise<void> => {
    if (waiting.size === 0) return;
    const { rows } = await pool.query<{ run_id: string }>({
      name: 'bench-ended',
      text: ENDED_AMONG,
      values: [[...waiting.keys()]],
    });
    end(rows.map(({ run_id }) => run_id));
  };
  const unlisten = await messaging.hearEnds(end);
  const timer = setInterval(() => void look().catch((error: Error) => fail(error)), LOOK_EVERY_MS);

  return {
    async run(workflow) {
      const requestId = randomUUID();
      const ended = new Promise<void>((resolve, reject) => waiting.set(runIdOfRequest(requestId), { resolve, reject }));
      await messaging.publish(INTAKE_QUEUE, [
        { jobId: requestJobId(requestId), name: 'submit', data: { requestId, workflow, input: {} } },
      ]);
      await ended;
    },
    async stop() {
      clearInterval(timer);
      unlisten();
      const { rows } = await pool.query<{ run_id: string }>(FAILED);
      if (rows[0] !== undefined) throw new Error(`run ${rows[0].run_id} of the bench failed`);
    },
  };
}
