import type { QueueView } from './operating.js';
import { workerQueue } from './queues.js';
import type { WorkerView } from './workers.js';

/** Whether it lives, and takes tasks. */
export const takesTasks = ({ status, isDraining }: Pick<WorkerView, 'status' | 'isDraining'>): boolean =>
  status === 'alive' && !isDraining;

/** A queue in which tasks wait, while no worker of its kind lives. */
export interface Unserved extends Pick<QueueView, 'waiting' | 'oldestMs'> {
  readonly queue: string;
  readonly kind: string;
}

/** What the name of each queue of workers begins with. */
const FIRST = workerQueue('');

export function unservedQueues(
  queues: readonly Pick<QueueView, 'name' | 'waiting' | 'oldestMs' | 'active'>[],
  workers: readonly Pick<WorkerView, 'kind' | 'status' | 'isDraining'>[],
): readonly Unserved[] {
  const served = new Set(workers.filter(takesTasks).map(({ kind }) => workerQueue(kind)));
  return queues
    .filter(
      // What is in work is in the hands of somebody, announced or not.
      ({ name, waiting, active }) => name.startsWith(FIRST) && waiting > 0 && active === 0 && !served.has(name),
    )
    .map(({ name, waiting, oldestMs }) => ({ queue: name, kind: name.slice(FIRST.length), waiting, oldestMs }));
}
