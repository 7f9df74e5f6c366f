import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ANNOUNCE_EVERY_MS, type WorkerAnnouncement } from '@baton/contracts';
import { announceWorker, createPool } from '@baton/event-store';

/** Many workers of one kind as the database knows them: each says every few seconds that it lives, and has nothing in work. */
export interface Crowd {
  readonly stop: () => Promise<void>;
}

const CONNECTIONS = 4;

/** @param bundle as many as the worker of the kind that works takes at once, or the hub would send it single tasks */
export async function startCrowd(url: string, kind: string, workers: number, bundle: number): Promise<Crowd> {
  const pool = createPool(url, { role: 'worker', applicationName: 'bench-crowd', max: CONNECTIONS });
  const crowd = Array.from({ length: workers }, (_, n) => announcementOf(kind, n, bundle));
  const all = async (): Promise<void> => {
    await Promise.all(crowd.map((announcement) => announceWorker(pool, announcement)));
  };
  await all();
  const stopping = new AbortController();
  const loop = (async () => {
    while (!stopping.signal.aborted) {
      await sleep(ANNOUNCE_EVERY_MS, undefined, { signal: stopping.signal }).catch(() => {
        // It ends.
      });
      if (!stopping.signal.aborted) await all();
    }
  })();
  return {
    stop: async () => {
      stopping.abort();
      await loop.finally(() => pool.end());
    },
  };
}

const announcementOf = (kind: string, n: number, bundle: number): WorkerAnnouncement => ({
  v: 1,
  workerId: randomUUID(),
  kind,
  description: 'Does nothing.',
  version: '1.0.0',
  host: `bench-${n}`,
  pid: n + 1,
  concurrency: 100,
  bundle,
  hasOwnDoor: true,
  looksAtRungs: true,
  input: null,
  output: null,
  tasks: [],
  isDraining: false,
  isStopped: false,
});
