import { listUpTo } from '@baton/client';
import type { DeadLetterView } from '@baton/contracts';
import { type Context, gatewayOf } from '../context.js';
import { ExitCode, UsageError } from '../exit-codes.js';
import { type Columns, writeLine, writeList, writeOne } from '../output.js';
import { suggestion } from '../suggestion.js';
import { printable } from '../table.js';
import { tellMore } from './tell-more.js';

const deadLetterColumns: Columns<DeadLetterView> = {
  headings: ['ID', 'TIME', 'QUEUE', 'NAME', 'REASON'],
  row: ({ id, at, source, name, reason }) => [String(id), at, source, name, reason],
};

/** Where those that were taken up again are asked for, too. */
const storyColumns: Columns<DeadLetterView> = {
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

const STATUSES = ['open', 'requeued', 'refused', 'all'] as const;
const PAGE = 200;

export async function listDeadLetters(
  context: Context,
  { status: word, limit, after }: DeadLetterOptions,
): Promise<ExitCode> {
  const status = STATUSES.find((each) => each === word);
  if (status === undefined) {
    throw new UsageError(`There is no status ${printable(word)}.`, suggestion(word, STATUSES, 'statuses'));
  }
  const gateway = await gatewayOf(context);
  const { items: letters, next } = await listUpTo({
    ask: async (page) => {
      const params = { query: { ...page, status } };
      const answer = await gateway.get('/v1/dead-letters', { params, signal: context.interrupted });
      return { items: answer.deadLetters, next: answer.next };
    },
    limit,
    after,
    pageSize: PAGE,
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
  const params = { path: { id } };
  const letter = await gateway.post('/v1/dead-letters/{id}/requeue', { params, signal: context.interrupted });
  writeOne(context.io, context.format, letter, () => [String(letter.id)]);
  if (context.format === 'table') {
    const next = letter.runId === undefined ? 'baton queue dead-letters' : `baton run watch ${letter.runId}`;
    writeLine(context.io.err, `${whatAgainMeans(letter)} See what comes of it with \`${next}\`.`);
  }
  return ExitCode.ok;
}

/** What "again" means for a letter. */
function whatAgainMeans({ source }: DeadLetterView): string {
  if (source === 'intake' || source === 'inbox') return 'The request is accepted again.';
  if (source === 'hub') return 'The run goes on.';
  return source.startsWith('worker-') ? 'The task is sent out again.' : 'The message is sent to its queue again.';
}
