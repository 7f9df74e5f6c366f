import { Actor } from '@baton/contracts';
import { z } from 'zod';
import { type Context, gatewayOf } from '../context.js';
import { ExitCode, UsageError } from '../exit-codes.js';
import { listUpTo } from '../gateway/pages.js';
import { type Columns, writeLine, writeList, writeOne } from '../output.js';
import { suggestion } from '../suggestion.js';
import { printable } from '../table.js';
import { tellMore } from './tell-more.js';

const DeadLetterItem = z.looseObject({
  id: z.union([z.int(), z.string()]),
  at: z.string(),
  source: z.string(),
  name: z.string(),
  reason: z.string(),
  requeuedAt: z.string().optional(),
  requeuedBy: Actor.optional(),
  runId: z.string().optional(),
});
type DeadLetterItem = z.infer<typeof DeadLetterItem>;
const DeadLetterList = z.object({ deadLetters: z.array(DeadLetterItem), next: z.string().nullish() });

const deadLetterColumns: Columns<DeadLetterItem> = {
  headings: ['ID', 'TIME', 'QUEUE', 'NAME', 'REASON'],
  row: ({ id, at, source, name, reason }) => [String(id), at, source, name, reason],
};

/** Where those that were taken up again are asked for, too. */
const storyColumns: Columns<DeadLetterItem> = {
  headings: ['ID', 'TIME', 'QUEUE', 'NAME', 'REQUEUED', 'BY', 'REASON'],
  row: ({ id, at, source, name, reason, requeuedAt, requeuedBy }) => [
    ...[String(id), at, source, name, requeuedAt ?? '-'],
    requeuedBy === undefined ? '-' : requeuedBy.id,
    reason,
  ],
};

export interface DeadLetterOptions {
  readonly status: string;
  readonly limit: number;
  readonly after?: string;
}

const STATUSES = ['open', 'requeued', 'all'];
const PAGE = 200;

export async function listDeadLetters(
  context: Context,
  { status, limit, after }: DeadLetterOptions,
): Promise<ExitCode> {
  if (!STATUSES.includes(status)) {
    throw new UsageError(`There is no status ${printable(status)}.`, suggestion(status, STATUSES, 'statuses'));
  }
  const gateway = await gatewayOf(context);
  const { items: letters, next } = await listUpTo(gateway, {
    path: '/v1/dead-letters',
    schema: DeadLetterList,
    itemsOf: (page) => page.deadLetters,
    filters: [['status', status]],
    limit,
    after,
    pageSize: PAGE,
    signal: context.interrupted,
  });
  const columns = status === 'open' ? deadLetterColumns : storyColumns;
  const nothing = status === 'open' ? 'There is no dead letter.' : 'No dead letter is like that.';
  writeList(context.io, context.format, letters, columns, nothing);
  const [newest] = letters;
  if (context.format !== 'table' || newest === undefined) return ExitCode.ok;
  const filter = status === 'open' ? undefined : status;
  tellMore(context, 'queue dead-letters', Object.entries({ status: filter, limit }), next);
  if (status === 'open') {
    writeLine(
      context.io.err,
      `When its cause is gone, have one taken up again: \`baton queue dead-letters requeue ${newest.id}\`.`,
    );
  }
  return ExitCode.ok;
}

export async function requeueDeadLetter(context: Context, id: string): Promise<ExitCode> {
  if (!/^\d{1,15}$/.test(id)) {
    throw new UsageError(
      `${printable(id)} is not the number of a dead letter.`,
      'See the numbers with `baton queue dead-letters`.',
    );
  }
  const gateway = await gatewayOf(context);
  const letter = await gateway.post({
    path: `/v1/dead-letters/${id}/requeue`,
    schema: DeadLetterItem,
    body: {},
    signal: context.interrupted,
  });
  writeOne(context.io, context.format, letter, () => [String(letter.id)]);
  if (context.format === 'table') {
    const next = letter.runId === undefined ? 'baton queue dead-letters' : `baton run watch ${letter.runId}`;
    writeLine(context.io.err, `${whatAgainMeans(letter)} See what comes of it with \`${next}\`.`);
  }
  return ExitCode.ok;
}

/** What "again" means for a letter. */
function whatAgainMeans({ source }: DeadLetterItem): string {
  if (source === 'intake' || source === 'inbox') return 'The request is accepted again.';
  if (source === 'hub') return 'The run goes on.';
  return source.startsWith('worker-') ? 'The task is sent out again.' : 'The message is sent to its queue again.';
}
