import type { Schemas } from '../../api/api.js';

type Queue = Pick<Schemas['QueueView'], 'name' | 'waiting' | 'delayed'>;
type Worker = Pick<Schemas['WorkerView'], 'kind' | 'status'>;

const OF_WORKERS = 'worker-';

/** A queue in which tasks wait for workers of a kind of which none is alive. */
export interface IdleQueue {
  readonly kind: string;
  readonly waiting: number;
}

export function idleQueues(queues: readonly Queue[], workers: readonly Worker[]): readonly IdleQueue[] {
  const alive = new Set(workers.filter(({ status }) => status === 'alive').map(({ kind }) => kind));
  return queues
    .filter(({ name, waiting }) => name.startsWith(OF_WORKERS) && waiting > 0)
    .map(({ name, waiting }) => ({ kind: name.slice(OF_WORKERS.length), waiting }))
    .filter(({ kind }) => !alive.has(kind));
}
