import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { api } from '../../api/api.js';
import { expectedInWords } from '../../parts/expected.js';
import { seen } from '../../parts/plain-text.js';
import { Skeleton } from '../../parts/skeleton.js';
import { countOf, durationOf } from '../../parts/spans.js';
import { Table } from '../../parts/table.js';
import { Titled } from '../../parts/titled.js';
import { Problem } from '../../shell/problem.js';

/** What a run that begins now would take, and its states. */
export function ExpectedPart({ workflow }: { readonly workflow: string }): ReactElement {
  const { data, error } = useQuery({
    queryKey: ['foresight', 'expected', workflow],
    queryFn: ({ signal }) => api().get('/v1/foresight/expectations', { params: { query: { workflow } }, signal }),
  });
  if (error !== null && data === undefined) return <Problem error={error} />;
  if (data === undefined) return <Skeleton lines={3} />;
  return (
    <Titled title="A run that begins now" note={expectedInWords(data.expectation)}>
      {data.steps.length === 0 ? null : (
        <Table
          label="States, longest first"
          rows={data.steps}
          keyOf={({ state }) => state}
          columns={[
            { title: 'State', cell: ({ state }) => <span className="break-all">{seen(state)}</span> },
            { title: 'A tenth within', isNumber: true, cell: ({ durationMs }) => durationOf(durationMs.p10) },
            { title: 'Half within', isNumber: true, cell: ({ durationMs }) => durationOf(durationMs.p50) },
            { title: 'Nine tenths within', isNumber: true, cell: ({ durationMs }) => durationOf(durationMs.p90) },
            { title: 'Runs', isNumber: true, cell: ({ sampleSize }) => countOf(sampleSize) },
          ]}
        />
      )}
    </Titled>
  );
}
