import type { QueueList, QueueView } from '@baton/contracts';
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
  const list = await gateway.get('/v1/queues', { signal: context.interrupted });
  writeList(context.io, context.format, list.queues, columns, 'There are no queues.');
  const limited = limitedOf(list);
  if (context.format === 'table' && limited.length > 0) {
    writeLine(context.io.out, '');
    writeList(context.io, context.format, limited, limitColumns, '');
  }
  return ExitCode.ok;
}

/** Something that is limited, with who waits for it. */
interface Limited {
  readonly limit: string;
  readonly underWay: number;
  readonly most: number | null;
  readonly waiting: number;
  readonly lastMinute: string;
}

const limitColumns: Columns<Limited> = {
  headings: ['LIMIT', 'UNDER WAY', 'MOST', 'WAITING', 'LAST MINUTE'],
  row: ({ limit, underWay, most, waiting, lastMinute }) => [
    limit,
    String(underWay),
    most === null ? '-' : String(most),
    String(waiting),
    lastMinute,
  ],
};

const ofMost = (used: number, most: number | null, what: string): string =>
  `${used}${most === null ? '' : ` of ${most}`} ${what}`;

/** Caps on runs, and models that are asked by turns. */
function limitedOf({ caps, models }: QueueList): readonly Limited[] {
  return [
    ...caps.map(({ cap, ...load }) => ({ limit: cap, ...load, lastMinute: '-' })),
    ...models.map(({ model, underWay, waiting, mostAtOnce, ...rates }) => ({
      limit: model === 'all models' ? model : `model ${model}`,
      underWay,
      most: mostAtOnce,
      waiting,
      lastMinute: [
        ofMost(rates.requestsLastMinute, rates.mostRequests, 'requests'),
        ofMost(rates.tokensLastMinute, rates.mostTokens, 'tokens'),
      ].join(', '),
    })),
  ];
}

/** Runs before caps, and calls of models before theirs. */
export async function listWaiting(context: Context): Promise<ExitCode> {
  const gateway = await gatewayOf(context);
  const limited = limitedOf(await gateway.get('/v1/queues', { signal: context.interrupted }));
  writeList(
    context.io,
    context.format,
    limited,
    limitColumns,
    'Nothing is limited, or nothing of what is limited is under way.',
  );
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
