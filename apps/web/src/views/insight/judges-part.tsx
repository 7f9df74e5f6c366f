import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { api } from '../../api/api.js';
import { Nothing } from '../../parts/nothing.js';
import { seen } from '../../parts/plain-text.js';
import { Skeleton } from '../../parts/skeleton.js';
import { countOf } from '../../parts/spans.js';
import { Table } from '../../parts/table.js';
import { Titled } from '../../parts/titled.js';
import { Problem } from '../../shell/problem.js';
import type { PartProps } from './insight-parts.js';
import { isSmall, kappaInWords } from './kappa.js';
import { withinOf } from './queries.js';

/** How far models that judge can be relied on. */
export function JudgesPart({ range, workflow }: PartProps): ReactElement {
  const query = withinOf({ range, workflow });
  const { data, error } = useQuery({
    queryKey: ['insight', 'judges', query],
    queryFn: ({ signal }) => api().get('/v1/decisions/judges', { params: { query }, signal }),
    placeholderData: keepPreviousData,
  });
  if (error !== null && data === undefined) return <Problem error={error} />;
  if (data === undefined) return <Skeleton />;
  if (data.judges.length === 0)
    return (
      <Nothing title="No model has judged what a tool judged too.">
        Run a workflow that has both, such as seven-step.
      </Nothing>
    );
  return (
    <Titled title="Judges" note="Models that judge work, held to the tools that saw the same work.">
      <Table
        label="Judges"
        rows={data.judges}
        keyOf={({ template, variant, model }) => `${template} ${variant} ${model}`}
        columns={[
          {
            title: 'Judge',
            cell: ({ template, variant, model }) => (
              <>
                <span className="break-all">{seen(template ?? 'no template')}</span>
                <span className="block text-xs text-quiet">{seen([variant, model].filter(Boolean).join(' · '))}</span>
              </>
            ),
          },
          {
            title: 'Judged',
            isNumber: true,
            cell: ({ n }) => (isSmall(n) ? <span className="text-warn">{countOf(n)} (few)</span> : countOf(n)),
          },
          { title: 'Agreed', isNumber: true, cell: ({ agreement }) => `${Math.round(agreement * 100)} %` },
          {
            title: 'κ',
            isNumber: true,
            cell: ({ kappa, kappaUndefined }) => (
              <>
                {kappa === null ? '–' : kappa.toFixed(2)}
                <span className="block text-xs text-quiet">{kappaUndefined ?? kappaInWords(kappa)}</span>
              </>
            ),
          },
          { title: 'False passes', isNumber: true, cell: ({ falsePasses }) => countOf(falsePasses) },
          { title: 'False alarms', isNumber: true, cell: ({ falseAlarms }) => countOf(falseAlarms) },
        ]}
      />
      <dl className="mt-3 grid gap-x-4 gap-y-1 text-quiet sm:grid-cols-[auto_1fr]">
        <dt className="font-medium text-ink">κ</dt>
        <dd>Agreement beyond chance: 1 is always, 0 is what guessing would give.</dd>
        <dt className="font-medium text-ink">False pass</dt>
        <dd>The judge found good what a tool found bad. This lets faults through.</dd>
        <dt className="font-medium text-ink">False alarm</dt>
        <dd>The judge found bad what a tool found good. This costs rounds.</dd>
        <dt className="font-medium text-ink">Few</dt>
        <dd>With fewer than thirty, chance alone moves these figures a lot.</dd>
      </dl>
    </Titled>
  );
}
