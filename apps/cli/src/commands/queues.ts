import type { QueueView } from '@baton/contracts';
import { type Context, gatewayOf } from '../context.js';
import { formatDuration } from '../durations.js';
import { ExitCode } from '../exit-codes.js';
import { type Columns, writeLine, writeList, writeOne } from '../output.js';

const columns: Columns<QueueView> = {
  headings: ['QUEUE', 'WAITING', 'OLDEST', 'ACTIVE', 'DELAYED', 'DONE/MIN', 'FAILED'],
  row: ({ name, waiting, oldestMs, active, delayed, doneLastMinute, failed }) => [
    name,
    String(waiting),
    oldestMs === null ? '-' : formatDuration(oldestMs),
    ...[active, delayed, doneLastMinute, failed].map(String),
  ],
};

export async function listQueues(context: Context): Promise<ExitCode> {
  const gateway = await gatewayOf(context);
  const { queues } = await gateway.get('/v1/queues', { signal: context.interrupted });
  writeList(context.io, context.format, queues, columns, 'There are no queues.');
  return ExitCode.ok;
}

export async function rebuildQueues(context: Context): Promise<ExitCode> {
  const gateway = await gatewayOf(context);
  const accepted = await gateway.post('/v1/queues/rebuild', { signal: context.interrupted });
  writeOne(context.io, context.format, accepted, () => []);
  if (context.format === 'table') {
    writeLine(
      context.io.err,
      'An orchestrator sends everything again that is under way: see it with `baton queue list`.',
    );
  }
  return ExitCode.ok;
}
