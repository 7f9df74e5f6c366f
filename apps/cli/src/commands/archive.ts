import type { ArchivedRunView } from '@baton/contracts';
import { type Context, gatewayOf } from '../context.js';
import { formatDuration, timeOf } from '../durations.js';
import { ExitCode } from '../exit-codes.js';
import { type Columns, writeLine, writeList, writeOne } from '../output.js';
import { tellMore } from './tell-more.js';

export async function listArchived(
  context: Context,
  { limit, after }: { readonly limit: number; readonly after?: string | undefined },
): Promise<ExitCode> {
  const gateway = await gatewayOf(context);
  const { runs, next, afterSeconds, where, problem } = await gateway.get('/v1/archive', {
    params: { query: { limit, cursor: after } },
    signal: context.interrupted,
  });
  writeList(context.io, context.format, runs, COLUMNS, 'No run is archived.');
  if (context.format === 'table') {
    const rule =
      afterSeconds === null
        ? 'No run is archived here: BATON_ARCHIVE_AFTER_DAYS is not set.'
        : `Runs are archived to ${where}, ${formatDuration(afterSeconds * 1_000)} after they ended.`;
    writeLine(context.io.err, rule);
  }
  if (problem !== null) writeLine(context.io.err, `The last attempt did not come to its end: ${problem}`);
  tellMore(context, 'archive list', [['limit', limit]], next);
  return ExitCode.ok;
}

export async function archiveNow(context: Context): Promise<ExitCode> {
  const gateway = await gatewayOf(context);
  const done = await gateway.post('/v1/archive', { signal: context.interrupted });
  writeOne(context.io, context.format, done, ({ runs, files }) => [
    runs === 0
      ? 'No run is due.'
      : `${runs} ${runs === 1 ? 'run is' : 'runs are'} in ${files} ${files === 1 ? 'file' : 'files'} now.`,
  ]);
  return ExitCode.ok;
}

const COLUMNS: Columns<ArchivedRunView> = {
  headings: ['RUN', 'WORKFLOW', 'STATUS', 'ENDED', 'ARCHIVED', 'EVENTS', 'FILE'],
  row: ({ runId, workflow, status, endedAt, archivedAt, events, file }) => [
    ...[runId, workflow, status, timeOf(endedAt), timeOf(archivedAt), String(events), file],
  ],
};
