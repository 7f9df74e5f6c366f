import type { Schemas } from './api.js';

/** A queue in which tasks wait, while no worker of its kind lives. */
export interface Unserved {
  readonly queue: string;
  readonly kind: string;
  readonly waiting: number;
}

const WORKER_QUEUE = /^worker-(.+)$/;

export function unservedQueues(
  queues: readonly Pick<Schemas['QueueView'], 'name' | 'waiting' | 'active'>[],
  workers: readonly Pick<Schemas['WorkerView'], 'kind' | 'status' | 'isDraining'>[],
): readonly Unserved[] {
  const living = new Set(
    workers.filter(({ status, isDraining }) => status === 'alive' && !isDraining).map(({ kind }) => kind),
  );
  return queues.flatMap(({ name, waiting, active }) => {
    const kind = WORKER_QUEUE.exec(name)?.[1];
    // What is in work is in the hands of somebody, announced or not.
    const isUnserved = kind !== undefined && waiting > 0 && active === 0 && !living.has(kind);
    return isUnserved ? [{ queue: name, kind, waiting }] : [];
  });
}
