import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { api, type Schemas } from '../../../api/api.js';
import { Nothing } from '../../../parts/nothing.js';
import { More } from '../../../parts/pages.js';
import { Skeleton } from '../../../parts/skeleton.js';
import { countOf, durationOf } from '../../../parts/spans.js';
import { Status } from '../../../parts/status.js';
import { type Column, Table } from '../../../parts/table.js';
import { Time } from '../../../parts/time.js';
import { Problem } from '../../../shell/problem.js';

type Archived = Schemas['ArchivedRunView'];

const COLUMNS: readonly Column<Archived>[] = [
  {
    title: 'Run',
    cell: ({ runId }) => (
      <Link to="/runs/$runId" params={{ runId }} className="text-accent hover:underline">
        {runId.slice(0, 8)}
      </Link>
    ),
  },
  { title: 'Workflow', cell: ({ workflow }) => workflow },
  { title: 'State', cell: ({ status }) => <Status status={status} /> },
  { title: 'Ended', cell: ({ endedAt }) => <Time at={endedAt} /> },
  { title: 'Archived', cell: ({ archivedAt }) => <Time at={archivedAt} /> },
  { title: 'Events', isNumber: true, cell: ({ events }) => countOf(events) },
  { title: 'File', cell: ({ file }) => <span className="break-all">{file}</span> },
];

/** Runs that ended long ago and stand in files. To look at one reads it back. */
export function ArchivePart(): ReactElement {
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: ['archive'],
    queryFn: ({ pageParam, signal }) =>
      api().get('/v1/archive', { params: { query: pageParam === null ? {} : { cursor: pageParam } }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
  });
  if (error !== null && data === undefined) return <Problem error={error} />;
  const [first] = data?.pages ?? [];
  if (data === undefined || first === undefined) return <Skeleton />;
  const runs = data.pages.flatMap((page) => page.runs);
  return (
    <div className="space-y-3">
      <p className="text-quiet">
        {first.afterSeconds === null
          ? 'Runs stay in the database for ever: BATON_ARCHIVE_AFTER_DAYS is not set.'
          : `Runs go into files ${durationOf(first.afterSeconds * 1_000)} after they ended, in ${first.where}.`}
      </p>
      {first.problem === null ? null : (
        <p role="alert" className="text-bad">
          {first.problem}
        </p>
      )}
      {runs.length === 0 ? (
        <Nothing title="No run is archived." />
      ) : (
        <Table label="Archived runs" rows={runs} columns={COLUMNS} keyOf={({ runId }) => runId} />
      )}
      <More hasMore={hasNextPage} isLoading={isFetchingNextPage} onMore={() => void fetchNextPage()} />
    </div>
  );
}
