import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactElement, ReactNode } from 'react';
import { Skeleton } from '../../parts/skeleton.js';
import { durationOf, moneyOf } from '../../parts/spans.js';
import { Problem } from '../../shell/problem.js';
import { recentOf } from './recent-runs.js';
import { RECENT, recentRunsQuery } from './workflow-queries.js';

const Figure = ({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactElement => (
  <div>
    <dt className="text-xs text-quiet">{title}</dt>
    <dd className="font-medium">{children}</dd>
  </div>
);

const orNothing = (value: number | null, said: (value: number) => string): string =>
  value === null ? '–' : said(value);

/** How the newest runs of all versions went, and how many that were. */
export function RecentStrip({ workflow }: { readonly workflow: string }): ReactElement {
  const { data, error } = useQuery(recentRunsQuery(workflow));
  if (data === undefined) return error === null ? <Skeleton lines={2} /> : <Problem error={error} />;
  if (data.runs.length === 0) return <p className="text-quiet">No run of it yet.</p>;
  const recent = recentOf(data.runs);
  const runs = (status: 'succeeded' | 'failed' | 'cancelled', count: number): ReactElement => (
    <Link to="/" search={{ workflow, status }} className="text-accent hover:underline">
      {count}
    </Link>
  );
  return (
    <section aria-label="Recent runs" className="rounded-md border border-line bg-surface p-3">
      <dl className="flex flex-wrap gap-x-8 gap-y-2">
        <Figure title="Success">{orNothing(recent.successShare, (share) => `${Math.round(share * 100)} %`)}</Figure>
        <Figure title="Median duration">{orNothing(recent.medianMs, durationOf)}</Figure>
        <Figure title="Median cost">{orNothing(recent.medianUsd, moneyOf)}</Figure>
        <Figure title="Succeeded">{runs('succeeded', recent.succeeded)}</Figure>
        <Figure title="Failed">{runs('failed', recent.failed)}</Figure>
        <Figure title="Cancelled">{runs('cancelled', recent.cancelled)}</Figure>
        <Figure title="Under way">{recent.underway}</Figure>
      </dl>
      <p className="mt-2 text-xs text-quiet">
        {data.runs.length < RECENT ? `Over all ${data.runs.length} runs` : `Over its newest ${data.runs.length} runs`},
        of all its versions. Duration and cost are of those that succeeded
        {recent.unpriced === 0 ? '' : `; ${recent.unpriced} of them used something without a price`}.
      </p>
    </section>
  );
}
