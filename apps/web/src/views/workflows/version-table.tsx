import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactElement, useMemo } from 'react';
import type { Schemas } from '../../api/api.js';
import { seen } from '../../parts/plain-text.js';
import { countOf, durationOf, moneyOf } from '../../parts/spans.js';
import { Time } from '../../parts/time.js';
import { type Recent, recentByVersion } from './recent-runs.js';
import { runsOfVersionsQuery } from './workflow-queries.js';

interface VersionTableProps {
  readonly name: string;
  readonly current: string;
  readonly versions: readonly Schemas['WorkflowSummary'][];
}

const HEAD = 'p-2 font-medium';
const NUMBER = 'p-2 text-right';
const NONE = '–';

/** The versions of a workflow, the newest first, and what became of the runs of each. */
export function VersionTable({ name, current, versions }: VersionTableProps): ReactElement {
  const { data, error } = useQuery(runsOfVersionsQuery(name));
  const byVersion = useMemo(() => recentByVersion(data?.runs ?? []), [data]);
  return (
    <div>
      <div className="overflow-x-auto rounded-md border border-line bg-surface">
        <table className="w-full text-left" aria-label="Versions">
          <thead className="text-quiet">
            <tr>
              <th scope="col" className={HEAD}>
                Version
              </th>
              <th scope="col" className={HEAD}>
                Published
              </th>
              {['Runs', 'Success', 'Median duration', 'Median cost'].map((title) => (
                <th key={title} scope="col" className={`${NUMBER} font-medium`}>
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {versions.map((each) => (
              <tr key={each.version} className="border-t border-line">
                <th scope="row" className="p-2 font-normal whitespace-nowrap">
                  <Link
                    to="/workflows/$ref"
                    params={{ ref: `${each.name}@${each.version}` }}
                    search={{ tab: 'versions' }}
                    className="text-accent underline"
                    aria-current={each.version === current ? 'page' : undefined}
                  >
                    {seen(each.version)}
                  </Link>
                  {each.version === current ? <span className="text-quiet"> this one</span> : null}
                </th>
                <td className="p-2 text-quiet">
                  {each.publishedAt === null ? each.source : <Time at={each.publishedAt} />}
                  {each.publishedBy === null ? null : ` by ${seen(each.publishedBy.id)}`}
                </td>
                <Figures recent={byVersion.get(each.version)} isAsked={data !== undefined} />
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="mt-1 text-xs text-quiet">
        {error !== null
          ? `What became of its runs cannot be told: ${error.message}`
          : data === undefined
            ? 'Looking at its runs …'
            : `Over ${data.isAll ? 'all its' : 'its newest'} ${countOf(data.runs.length)} runs. Success is the share of those that succeeded or failed; duration and cost are of those that succeeded.`}
      </p>
    </div>
  );
}

interface FiguresProps {
  readonly recent: Recent | undefined;
  readonly isAsked: boolean;
}

function Figures({ recent, isAsked }: FiguresProps): ReactElement {
  const said = (value: number | null | undefined, words: (value: number) => string): string =>
    value == null ? NONE : words(value);
  const runs = recent === undefined ? 0 : recent.ended + recent.underway;
  return (
    <>
      <td className={NUMBER}>{isAsked ? countOf(runs) : ''}</td>
      <td className={NUMBER}>{said(recent?.successShare, (share) => `${Math.round(share * 100)} %`)}</td>
      <td className={NUMBER}>{said(recent?.medianMs, durationOf)}</td>
      <td className={NUMBER}>{said(recent?.medianUsd, moneyOf)}</td>
    </>
  );
}
