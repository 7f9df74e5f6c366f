import { useQuery } from '@tanstack/react-query';
import { type ReactElement, useMemo } from 'react';
import { Chart } from '../../parts/chart/chart.js';
import { Nothing } from '../../parts/nothing.js';
import { seen } from '../../parts/plain-text.js';
import { Skeleton } from '../../parts/skeleton.js';
import { countOf, durationOf, moneyOf } from '../../parts/spans.js';
import { type Column, Table } from '../../parts/table.js';
import { Titled } from '../../parts/titled.js';
import { Problem } from '../../shell/problem.js';
import type { PartProps } from './insight-parts.js';
import { LookedAt } from './looked-at.js';
import { runsQuery } from './queries.js';
import { dayOf, daysBetween, durationsOf, modelsOf, roundsOf, type Total, totalsBy } from './usage.js';

const costOf = (usd: number | null): string => (usd === null ? 'unknown' : moneyOf(usd));

const totalColumns = (title: string): readonly Column<Total>[] => [
  { title, cell: ({ name }) => <span className="break-words">{seen(name)}</span> },
  { title: 'Runs', isNumber: true, cell: ({ runs }) => countOf(runs) },
  { title: 'Tokens', isNumber: true, cell: ({ tokens }) => countOf(tokens) },
  { title: 'Cost', isNumber: true, cell: ({ costUsd }) => costOf(costUsd) },
];

/** What runs cost and how long they took. */
export function UsagePart({ range, workflow }: PartProps): ReactElement {
  const { data, error } = useQuery(runsQuery({ ...range, workflow }));
  const shown = useMemo(() => {
    const runs = data?.items ?? [];
    const days = new Map(totalsBy(runs, ({ startedAt }) => dayOf(startedAt)).map((total) => [total.name, total]));
    const labels = daysBetween(range.since, range.until);
    return {
      workflows: totalsBy(runs, ({ workflow: name }) => name),
      models: totalsBy(runs, modelsOf),
      durations: durationsOf(runs),
      rounds: roundsOf(runs),
      runsOfDays: {
        labels,
        series: [{ title: 'Runs', tone: 'accent' as const, values: labels.map((day) => days.get(day)?.runs ?? 0) }],
      },
      costOfDays: {
        labels,
        series: [
          {
            title: 'Cost',
            tone: 'accent' as const,
            values: labels.map((day) => (days.has(day) ? (days.get(day)?.costUsd ?? null) : 0)),
          },
        ],
      },
    };
  }, [data, range.since, range.until]);
  if (error !== null && data === undefined) return <Problem error={error} />;
  if (data === undefined) return <Skeleton lines={8} />;
  if (data.items.length === 0)
    return <Nothing title="No run began in this range.">Choose a longer one, or submit a run.</Nothing>;
  return (
    <>
      <LookedAt gathered={data} what="runs" />
      <div className="grid gap-x-6 lg:grid-cols-2">
        <Titled title="Cost by day" note="By the day on which a run began, in UTC.">
          <Chart title="Cost by day" format={moneyOf} {...shown.costOfDays} />
        </Titled>
        <Titled title="Runs by day" note="How many began.">
          <Chart title="Runs by day" format={countOf} {...shown.runsOfDays} />
        </Titled>
        <Titled title="Cost by workflow">
          <Table
            label="Cost by workflow"
            columns={totalColumns('Workflow')}
            rows={shown.workflows}
            keyOf={({ name }) => name}
          />
        </Titled>
        <Titled title="Cost by model" note="A run of several models counts for them together.">
          <Table label="Cost by model" columns={totalColumns('Model')} rows={shown.models} keyOf={({ name }) => name} />
        </Titled>
        <Titled title="Duration by workflow" note="Of the runs that ended, from their beginning.">
          <Table
            label="Duration by workflow"
            rows={shown.durations}
            keyOf={({ name }) => name}
            columns={[
              { title: 'Workflow', cell: ({ name }) => seen(name) },
              { title: 'Ended', isNumber: true, cell: ({ runs }) => countOf(runs) },
              { title: 'Median', isNumber: true, cell: ({ medianMs }) => durationOf(medianMs) },
              { title: '95 of 100 within', isNumber: true, cell: ({ p95Ms }) => durationOf(p95Ms) },
            ]}
          />
        </Titled>
        <Titled title="Rounds" note="How often a phase was gone through before it was good enough.">
          <Table
            label="Rounds"
            rows={shown.rounds}
            keyOf={({ name }) => name}
            columns={[
              { title: 'Phase', cell: ({ name }) => seen(name) },
              { title: 'Runs', isNumber: true, cell: ({ runs }) => countOf(runs) },
              { title: 'Mean', isNumber: true, cell: ({ mean }) => mean.toFixed(1) },
              { title: 'Most', isNumber: true, cell: ({ most }) => countOf(most) },
            ]}
          />
        </Titled>
      </div>
    </>
  );
}
