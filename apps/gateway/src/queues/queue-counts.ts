import type { Catalog } from '@baton/catalog';
import { INTAKE_QUEUE, laneResultsQueues, type QueueView, resultsQueues, workerQueue } from '@baton/contracts';
import type { Queues } from '../parts/queues.js';
import { workerKindsOf } from './worker-kinds.js';

const wasUsed = ({ waiting, active, delayed, completed, failed, doneLastMinute }: QueueView): boolean =>
  waiting + active + delayed + completed + failed + doneLastMinute > 0;

export interface QueueCountsPorts {
  readonly catalog: Pick<Catalog, 'list'>;
  readonly queues: Pick<Queues, 'counts' | 'flow'>;
}

/** How much waits in each queue, for how long, and how much is done: intake, results, also of each lane that has any, and the workers that the known workflows ask for. */
export async function queueCounts({ catalog, queues }: QueueCountsPorts): Promise<readonly QueueView[]> {
  const { workflows } = await catalog.list();
  const kinds = workerKindsOf(workflows.map(({ document }) => document));
  const names = [INTAKE_QUEUE, ...resultsQueues(), ...laneResultsQueues(), ...kinds.map(workerQueue)];
  const counted = await Promise.all(names.map((name) => queueView(queues, name)));
  const lanes = new Set(laneResultsQueues());
  return counted.filter((queue) => !lanes.has(queue.name) || wasUsed(queue));
}

async function queueView(queues: QueueCountsPorts['queues'], name: string): Promise<QueueView> {
  const [counts, flow] = await Promise.all([queues.counts(name), queues.flow(name)]);
  return { name, ...counts, ...flow };
}
