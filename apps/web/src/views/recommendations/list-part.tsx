import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { api, type Schemas } from '../../api/api.js';
import { Nothing } from '../../parts/nothing.js';
import { Skeleton } from '../../parts/skeleton.js';
import { countOf } from '../../parts/spans.js';
import { Table } from '../../parts/table.js';
import { Titled } from '../../parts/titled.js';
import { Problem } from '../../shell/problem.js';
import { RecommendationCard } from './recommendation-card.js';
import type { PartProps } from './recommendation-parts.js';
import { kindInWords, windowInWords } from './words.js';

/** To try each policy on all of the runs takes a while. */
export const ANALYSIS_MS = 120_000;

/** What is recommended, the surest first, and what was looked at. */
export function ListPart({ workflow, runs }: PartProps): ReactElement {
  const { data, error } = useQuery({
    queryKey: ['recommendations', workflow, runs],
    queryFn: ({ signal }) =>
      api().get('/v1/recommendations', {
        params: { query: { runs, ...(workflow === undefined ? {} : { workflow }) } },
        signal,
        timeoutMs: ANALYSIS_MS,
      }),
    placeholderData: keepPreviousData,
  });
  if (error !== null && data === undefined) return <Problem error={error} />;
  if (data === undefined) return <Skeleton />;
  const { recommendations, looked, window } = data;
  return (
    <>
      <p role="status" className={`mb-3 ${window.isCut ? 'text-warn' : 'text-quiet'}`}>
        {windowInWords(window)}
      </p>
      {recommendations.length === 0 ? (
        <Nothing title="Nothing is recommended.">
          What was looked at, and of what there is too little, is below.
        </Nothing>
      ) : (
        <ul className="grid gap-3">
          {recommendations.map((each) => (
            <li key={each.id}>
              <RecommendationCard recommendation={each} />
            </li>
          ))}
        </ul>
      )}
      <div className="mt-6">
        <LookedAt looked={looked} />
      </div>
    </>
  );
}

interface LookedAtProps {
  readonly looked: Schemas['RecommendationReport']['looked'];
}

const LookedAt = ({ looked }: LookedAtProps): ReactElement => (
  <Titled title="What was looked at" note="Nothing is recommended from a sample that is too small to say it.">
    <Table
      label="What was looked at"
      rows={looked}
      keyOf={({ kind }) => kind}
      columns={[
        { title: 'For', cell: ({ kind }) => kindInWords(kind) },
        { title: 'Looked at', cell: (row) => `${countOf(row.looked)} ${row.what}` },
        { title: 'Too few', isNumber: true, cell: ({ tooFew }) => countOf(tooFew) },
        { title: 'Needed', isNumber: true, cell: ({ least }) => countOf(least) },
        { title: 'Note', cell: ({ note }) => <span className="block min-w-64 text-quiet">{note}</span> },
      ]}
    />
  </Titled>
);
