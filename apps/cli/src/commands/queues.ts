import { z } from 'zod';
import { type Context, gatewayOf } from '../context.js';
import { ExitCode } from '../exit-codes.js';
import { type Columns, writeLine, writeList, writeOne } from '../output.js';

const Queue = z.object({
  name: z.string(),
  waiting: z.int(),
  active: z.int(),
  delayed: z.int(),
  completed: z.int(),
  failed: z.int(),
});
const QueueList = z.object({ queues: z.array(Queue) });

const columns: Columns<z.infer<typeof Queue>> = {
  headings: ['QUEUE', 'WAITING', 'ACTIVE', 'DELAYED', 'FAILED'],
  row: ({ name, waiting, active, delayed, failed }) => [name, ...[waiting, active, delayed, failed].map(String)],
};

export async function listQueues(context: Context): Promise<ExitCode> {
  const gateway = await gatewayOf(context);
  const { queues } = await gateway.get({ path: '/v1/queues', schema: QueueList, signal: context.interrupted });
  writeList(context.io, context.format, queues, columns, 'There are no queues.');
  return ExitCode.ok;
}

export async function rebuildQueues(context: Context): Promise<ExitCode> {
  const gateway = await gatewayOf(context);
  const accepted = await gateway.post({
    path: '/v1/queues/rebuild',
    schema: z.object({ status: z.string() }),
    body: {},
    signal: context.interrupted,
  });
  writeOne(context.io, context.format, accepted, () => []);
  if (context.format === 'table') {
    writeLine(
      context.io.err,
      'An orchestrator sends everything again that is under way: see it with `baton queue list`.',
    );
  }
  return ExitCode.ok;
}
