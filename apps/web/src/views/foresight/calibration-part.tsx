import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { api, type Schemas } from '../../api/api.js';
import { Nothing } from '../../parts/nothing.js';
import { seen } from '../../parts/plain-text.js';
import { Skeleton } from '../../parts/skeleton.js';
import { countOf } from '../../parts/spans.js';
import { Table } from '../../parts/table.js';
import { Titled } from '../../parts/titled.js';
import { Problem } from '../../shell/problem.js';

type Calibration = Schemas['Calibration'];

const shareOf = (share: number | null): string => (share === null ? '–' : `${Math.round(100 * share)} %`);

/** A share with where it may truly lie, and of how many. */
const Coverage = ({
  of: { n, coverage, coverageLow, coverageHigh },
}: {
  readonly of: Calibration['duration'];
}): ReactElement => (
  <>
    {shareOf(coverage)}
    <span className="block text-xs whitespace-nowrap text-quiet">
      {n === 0 ? 'of none' : `${shareOf(coverageLow)} to ${shareOf(coverageHigh)}, of ${countOf(n)}`}
    </span>
  </>
);

/** What was expected when runs began, held against what came. */
export function CalibrationPart({ workflow }: { readonly workflow: string | undefined }): ReactElement {
  const { data, error } = useQuery({
    queryKey: ['foresight', 'calibration', workflow],
    queryFn: ({ signal }) =>
      api().get('/v1/foresight/calibration', {
        params: { query: workflow === undefined ? {} : { workflow } },
        signal,
      }),
  });
  if (error !== null && data === undefined) return <Problem error={error} />;
  if (data === undefined) return <Skeleton />;
  const { total, workflows, isCut, most } = data;
  const rows = workflows.length > 1 ? [...workflows, { ...total, workflow: null }] : workflows;
  return (
    <Titled
      title="How good expectations were"
      note={`What was expected when a run began, held against what came${isCut ? `: of the newest ${countOf(most)} runs` : ''}.`}
    >
      {rows.length === 0 ? (
        <Nothing title="No run has ended yet.">Expectations are held against what came of runs.</Nothing>
      ) : (
        <Table
          label="Calibration"
          rows={rows}
          keyOf={(row) => row.workflow ?? ''}
          columns={[
            { title: 'Workflow', cell: (row) => (row.workflow === null ? 'All' : seen(row.workflow)) },
            { title: 'Ended', isNumber: true, cell: ({ ended }) => countOf(ended) },
            { title: 'Too early to say', isNumber: true, cell: ({ notEnough }) => countOf(notEnough) },
            { title: 'Duration within', isNumber: true, cell: ({ duration }) => <Coverage of={duration} /> },
            {
              title: 'Off by',
              isNumber: true,
              cell: ({ duration: { medianFactor } }) => (medianFactor === null ? '–' : `× ${medianFactor.toFixed(2)}`),
            },
            { title: 'Cost within', isNumber: true, cell: ({ cost }) => <Coverage of={cost} /> },
            {
              title: 'Success said, came',
              isNumber: true,
              cell: ({ success }) => `${shareOf(success.expected)}, ${shareOf(success.actual)}`,
            },
            {
              title: 'Brier',
              isNumber: true,
              cell: ({ success: { brier, brierOfMean } }) =>
                brier === null ? '–' : `${brier.toFixed(3)} (${brierOfMean?.toFixed(3) ?? '–'})`,
            },
          ]}
        />
      )}
      <dl className="mt-3 grid gap-x-4 gap-y-1 text-quiet sm:grid-cols-[auto_1fr]">
        <dt className="font-medium text-ink">Within</dt>
        <dd>Runs between the tenth and the ninetieth of a hundred that was expected. It should be 80 %.</dd>
        <dt className="font-medium text-ink">Off by</dt>
        <dd>Half of the runs were no further from the middle than this factor.</dd>
        <dt className="font-medium text-ink">Brier</dt>
        <dd>
          The mean squared error of the chance of success; in brackets that of always saying what came on average.
        </dd>
      </dl>
    </Titled>
  );
}
