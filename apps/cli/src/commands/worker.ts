import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkerView } from '@baton/contracts';
import { type Context, gatewayOf } from '../context.js';
import { ExitCode, NotFound, UsageError } from '../exit-codes.js';
import type { Gateway } from '../gateway/gateway.js';
import { writeLine, writeList, writeOne } from '../output.js';
import { printable } from '../table.js';
import { shortWorker, slownessOf, workerColumns } from './worker-shapes.js';

const LOOK_EVERY_MS = 1_000;

export async function listWorkers(context: Context): Promise<ExitCode> {
  const workers = await all(await gatewayOf(context), context.interrupted);
  const nothing = 'No worker has announced itself yet; `baton up` starts those that ship.';
  writeList(context.io, context.format, workers, workerColumns(context.nowMs()), nothing);
  const atOdds = [...new Set(workers.filter(({ isAtOdds }) => isAtOdds).map(({ kind }) => kind))];
  if (context.format === 'table' && atOdds.length > 0) {
    writeLine(
      context.io.err,
      `Workers of ${atOdds.join(', ')} say different things of what they take or give, and a task may get to either: drain those that are not meant.`,
    );
  }
  if (context.format === 'table') {
    for (const slowness of workers.map(slownessOf)) if (slowness !== null) writeLine(context.io.err, slowness);
  }
  return ExitCode.ok;
}

const all = async (gateway: Gateway, signal: AbortSignal): Promise<readonly WorkerView[]> =>
  (await gateway.get('/v1/workers', { signal })).workers;

/** Has a worker take no more tasks, or take them again. */
export async function drainWorker(
  context: Context,
  given: string,
  { undo = false, wait = false }: { readonly undo?: boolean; readonly wait?: boolean },
): Promise<ExitCode> {
  if (undo && wait) throw new UsageError('--undo has nothing to wait for.', 'Leave out --wait.');
  const gateway = await gatewayOf(context);
  const signal = context.interrupted;
  const { workerId } = findWorker(await all(gateway, signal), given);
  const request = { params: { path: { id: workerId } }, signal };
  const asked = undo
    ? await gateway.delete('/v1/workers/{id}/drain', request)
    : await gateway.post('/v1/workers/{id}/drain', request);
  const worker = wait ? await untilDrained(gateway, asked, signal) : asked;
  writeOne(context.io, context.format, worker, () => [shortWorker(worker)]);
  if (context.format === 'table') writeLine(context.io.err, whatFollows(worker, { undo, wait }));
  return ExitCode.ok;
}

/** Those that live first: a worker that has stopped is not what somebody means. */
function findWorker(workers: readonly WorkerView[], given: string): WorkerView {
  const found = workers.filter(({ workerId }) => workerId.startsWith(given.toLowerCase()));
  const [only, ...others] = found.some(isThere) ? found.filter(isThere) : found;
  const next = 'See them with `baton worker list`.';
  if (only === undefined) throw new NotFound(`There is no worker ${printable(given)}.`, next);
  if (others.length > 0) throw new UsageError(`${printable(given)} begins the ids of several workers.`, next);
  return only;
}

const isThere = ({ status }: WorkerView): boolean => status !== 'stopped';

async function untilDrained(gateway: Gateway, asked: WorkerView, signal: AbortSignal): Promise<WorkerView> {
  for (let worker = asked; ; ) {
    if (worker.status !== 'alive' || (worker.isDraining && worker.load === 0)) return worker;
    await sleep(LOOK_EVERY_MS, undefined, { signal });
    worker = (await all(gateway, signal)).find(({ workerId }) => workerId === asked.workerId) ?? worker;
  }
}

function whatFollows(worker: WorkerView, { undo, wait }: { readonly undo: boolean; readonly wait: boolean }): string {
  const name = `${worker.kind} ${shortWorker(worker)}`;
  if (undo) return `${name} takes tasks again within three seconds.`;
  if (wait)
    return `${name} has nothing in work: it can be stopped, or takes tasks again after \`baton worker drain ${shortWorker(worker)} --undo\`.`;
  return `${name} takes no more tasks within three seconds, and ends those that it has: see it with \`baton worker list\`.`;
}
