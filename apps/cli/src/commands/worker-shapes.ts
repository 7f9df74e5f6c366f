import type { RunDetail, TaskDelivery, TaskWork, WorkerView } from '@baton/contracts';
import { formatDuration, timeOf } from '../durations.js';
import type { Columns } from '../output.js';
import { formatTable } from '../table.js';

/** How workers and their work read as text. */

export const shortWorker = ({ workerId }: Pick<WorkerView, 'workerId'>): string => workerId.slice(0, 8);

/** Whether it takes tasks, in a word or two. */
const stateOf = ({ status, isDraining, drainAskedAt, slow }: WorkerView): string => {
  if (status !== 'alive') return status;
  if (isDraining) return 'draining';
  if (drainAskedAt !== null) return 'alive, to drain';
  return slow === null ? status : 'alive, slow';
};

/** What a worker that is slow is slow by; null for any other. */
export const slownessOf = ({ workerId, slow }: Pick<WorkerView, 'workerId' | 'slow'>): string | null =>
  slow === null
    ? null
    : `${workerId.slice(0, 8)} takes ${formatDuration(slow.medianMs)} for ${slow.state}, its ${slow.fellows === 1 ? 'fellow' : `${slow.fellows} fellows`} ${formatDuration(slow.fellowsMs)} (medians; ${slow.tasks} tasks).`;

export const workerColumns = (nowMs: number): Columns<WorkerView> => ({
  headings: ['ID', 'KIND', 'STATUS', 'IN WORK', 'SEEN', 'HOST', 'VERSION', 'DESCRIPTION'],
  row: (worker) => [
    shortWorker(worker),
    worker.kind,
    stateOf(worker),
    `${worker.load}/${worker.concurrency}`,
    `${formatDuration(Math.max(0, nowMs - Date.parse(worker.seenAt)))} ago`,
    `${worker.host}:${worker.pid}`,
    worker.version === '' ? '-' : worker.version,
    worker.description,
  ],
});

/** What keeps a task waiting that no worker takes; null where one is there. */
export function missingWorker({ kind, hasWorker, noWorkerSince }: TaskWork): string | null {
  if (hasWorker) return null;
  return noWorkerSince === null
    ? `no worker of kind ${kind} has been seen yet`
    : `no worker of kind ${kind} since ${timeOf(noWorkerSince)}`;
}

const who = ({ host, pid }: { readonly host: string | null; readonly pid: number | null }): string =>
  host === null ? 'a worker that is forgotten' : `${host}:${pid}`;

export const lossOf = (delivery: TaskDelivery): string =>
  `${delivery.state}: ${who(delivery)} fell silent after ${formatDuration(delivery.workMs)}; ${delivery.endedAt === null ? 'the task was given up' : 'another worker has the task'}.`;

/** Who is at a task and what is heard of it, or what it waits for. */
function activityOf(task: TaskWork, nowMs: number): string {
  const current = task.deliveries.findLast(({ status }) => status === 'in-work');
  if (current !== undefined) {
    const beat =
      current.beatAt === null ? '' : `, ${formatDuration(Math.max(0, nowMs - Date.parse(current.beatAt)))} ago`;
    const note = current.note === null ? '' : `: ${current.note}`;
    return `${who(current)}${beat}${note}`;
  }
  const silent = task.deliveries.findLast(({ status }) => status === 'silent');
  const missing = missingWorker(task);
  if (silent !== undefined)
    return `${who(silent)} is silent${missing === null ? '; given to another soon' : `; ${missing}`}`;
  return missing ?? 'waits for its turn';
}

const MOST_DONE = 20;

export function workLines({ work, lost, done, steps }: RunDetail, nowMs: number, width: number): readonly string[] {
  const tasks = work.map((task) => [
    task.state,
    task.kind,
    String(task.attempt),
    formatDuration(task.queuedMs),
    task.workMs === null ? '-' : formatDuration(task.workMs),
    activityOf(task, nowMs),
  ]);
  const losses = lost.map((delivery) => [
    delivery.state,
    delivery.commandId.slice(delivery.commandId.lastIndexOf('-') + 1),
    String(delivery.dispatchNo),
    who(delivery),
    timeOf(delivery.begunAt),
    delivery.endedAt === null ? '-' : timeOf(delivery.endedAt),
  ]);
  const ended = done
    .slice(-MOST_DONE)
    .map((delivery) => [
      delivery.state,
      delivery.kind,
      delivery.queuedMs === null ? '-' : formatDuration(delivery.queuedMs),
      formatDuration(delivery.workMs),
      who(delivery),
    ]);
  return [
    ...(tasks.length === 0
      ? []
      : ['', ...formatTable(['STATE', 'WORKER', 'ATTEMPT', 'QUEUED', 'AT WORK', 'WHO'], tasks, width)]),
    ...(losses.length === 0
      ? []
      : ['', ...formatTable(['STATE', 'TASK', 'DISPATCH', 'LOST BY', 'BEGUN', 'GIVEN TO ANOTHER'], losses, width)]),
    ...(ended.length === 0
      ? []
      : [
          '',
          ...formatTable(['DONE', 'WORKER', 'QUEUED', 'AT WORK', 'BY'], ended, width),
          ...untold(steps, [...done.slice(-MOST_DONE), ...lost]),
        ]),
  ];
}

/** Workers tell nothing of a task that takes them less than a tenth of a second, and of a long list the newest are shown. */
function untold(steps: RunDetail['steps'], deliveries: readonly TaskDelivery[]): readonly string[] {
  // Advice is work, and no step.
  const told = deliveries.filter(({ kind }) => kind !== 'advisor').length;
  const attempts = steps
    .filter(({ agent, status }) => agent !== null && status !== 'waiting')
    .reduce((sum, { attempt }) => sum + attempt, 0);
  if (attempts <= told) return [];
  return [`${attempts - told} more are done: listed are the newest ${MOST_DONE} that took 0.1 s or longer.`];
}

export function budgetText({ budget }: RunDetail): string {
  const amount = (kind: string, value: number): string =>
    kind === 'usd'
      ? `${value.toFixed(4)} USD`
      : kind === 'wallClock'
        ? formatDuration(value * 1000)
        : `${value} tokens`;
  return budget
    .map(({ kind, used, limit, reserved, left }) => {
      const open = reserved === 0 ? '' : `, ${amount(kind, reserved)} reserved`;
      const rest = left === null ? 'what is left is not known' : `${amount(kind, left)} left`;
      return `${amount(kind, used)} of ${amount(kind, limit)} spent${open}, ${rest}`;
    })
    .join('; ');
}
