import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { api, type Schemas } from '../../api/api.js';
import { Nothing } from '../../parts/nothing.js';
import { More } from '../../parts/pages.js';
import { seen } from '../../parts/plain-text.js';
import { Skeleton } from '../../parts/skeleton.js';
import { countOf, durationOf, moneyOf } from '../../parts/spans.js';
import { Table } from '../../parts/table.js';
import { Time } from '../../parts/time.js';
import { Titled } from '../../parts/titled.js';
import { Problem } from '../../shell/problem.js';

type Anomaly = Schemas['AnomalyView'];

const MEASURES: Readonly<Record<Anomaly['measure'], string>> = {
  duration: 'Duration',
  cost: 'Cost',
  rounds: 'Rounds',
  score: 'Lowest score',
  disagreement: 'Judges against tools',
  errors: 'Failed attempts',
  failures: 'Runs that failed',
};

function amountOf(measure: Anomaly['measure'], value: number): string {
  if (measure === 'duration') return durationOf(value);
  if (measure === 'failures') return `${Math.round(100 * value)} %`;
  return measure === 'cost' ? moneyOf(value) : String(Math.round(value * 100) / 100);
}

const wasOf = ({ measure, value, windowSize }: Anomaly): string =>
  `${amountOf(measure, value)}${windowSize === null ? '' : ` of ${countOf(windowSize)}`}`;

/** What of ended runs was unlike the runs before them, newest first. */
export function AnomalyList({ workflow }: { readonly workflow: string | undefined }): ReactElement {
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: ['foresight', 'anomalies', workflow],
    queryFn: ({ pageParam, signal }) => {
      const query = {
        ...(workflow === undefined ? {} : { workflow }),
        ...(pageParam === null ? {} : { cursor: pageParam }),
      };
      return api().get('/v1/anomalies', { params: { query }, signal });
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
  });
  if (error !== null && data === undefined) return <Problem error={error} />;
  if (data === undefined) return <Skeleton />;
  const anomalies = data.pages.flatMap((page) => page.anomalies);
  return (
    <Titled title="Unusual" note="Ended runs that were unlike the runs of their workflow before them.">
      {anomalies.length === 0 ? (
        <Nothing title="Nothing unusual was found.">
          A run is held against at least twenty that ended before it.
        </Nothing>
      ) : (
        <Table
          label="Unusual runs"
          rows={anomalies}
          keyOf={({ runId, measure }) => `${runId} ${measure}`}
          columns={[
            { title: 'Ended', cell: ({ at }) => <Time at={at} /> },
            {
              title: 'Run',
              cell: ({ runId, workflow: name }) => (
                <Link to="/runs/$runId" params={{ runId }} className="text-accent hover:underline">
                  {seen(`${name} · ${runId.slice(0, 8)}`)}
                </Link>
              ),
            },
            { title: 'What', cell: ({ measure }) => MEASURES[measure] },
            { title: 'Was', isNumber: true, cell: wasOf },
            {
              title: 'Usual',
              isNumber: true,
              cell: ({ measure, median }) => (median === null ? '–' : amountOf(measure, median)),
            },
            { title: 'Deviations', isNumber: true, cell: ({ deviations }) => deviations?.toFixed(1) ?? '–' },
            {
              title: 'Runs before',
              isNumber: true,
              cell: ({ sampleSize }) => (sampleSize === null ? '–' : countOf(sampleSize)),
            },
            {
              title: 'False alarms',
              isNumber: true,
              cell: ({ falseAlarmRate }) =>
                falseAlarmRate === null ? '–' : `≤ ${(100 * falseAlarmRate).toFixed(1)} %`,
            },
          ]}
        />
      )}
      <More hasMore={hasNextPage} isLoading={isFetchingNextPage} onMore={() => void fetchNextPage()} />
    </Titled>
  );
}
