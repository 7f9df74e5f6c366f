import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { api } from '../../api/api.js';
import { Select } from '../../parts/field.js';
import { countOf } from '../../parts/spans.js';
import { Tabs } from '../../parts/tabs.js';
import { ListPart } from './list-part.js';
import { PatternsPart } from './patterns-part.js';
import { RECOMMENDATION_PARTS, RUN_COUNTS, USUAL_RUNS } from './recommendation-parts.js';

const TITLES = { list: 'Recommendations', patterns: 'Patterns of decisions' } as const;

const route = getRouteApi('/shell/recommendations');

/** What recorded runs say would be better otherwise, and what goes with rules being overruled. */
export function RecommendationsView(): ReactElement {
  const { part = 'list', workflow, runs = USUAL_RUNS } = route.useSearch();
  const navigate = route.useNavigate();
  const { data } = useQuery({
    queryKey: ['workflows'],
    queryFn: ({ signal }) => api().get('/v1/workflows', { signal }),
  });
  const names = [...new Set([...(data?.workflows ?? []).map(({ name }) => name), ...(workflow ? [workflow] : [])])];
  const counts = [...new Set([...RUN_COUNTS, runs])].toSorted((one, other) => one - other);
  const change = (changed: object): void => void navigate({ search: (before) => ({ ...before, ...changed }) });
  const Part = part === 'patterns' ? PatternsPart : ListPart;
  return (
    <>
      <h1 className="sr-only">Recommendations</h1>
      <search aria-label="What is looked at" className="mb-3 flex flex-wrap items-end gap-x-3 gap-y-2 [&_select]:h-8">
        <Select
          label="Workflow"
          value={workflow ?? ''}
          onChange={({ target }) => change({ workflow: target.value || undefined })}
        >
          <option value="">All of them</option>
          {names.toSorted().map((name) => (
            <option key={name}>{name}</option>
          ))}
        </Select>
        <Select label="Newest runs" value={runs} onChange={({ target }) => change({ runs: Number(target.value) })}>
          {counts.map((count) => (
            <option key={count} value={count}>
              {countOf(count)}
            </option>
          ))}
        </Select>
      </search>
      <Tabs
        label="Parts of recommendations"
        value={part}
        tabs={RECOMMENDATION_PARTS.map((id) => ({ id, title: TITLES[id] }))}
        onChoose={(id) => change({ part: id })}
      >
        <Part workflow={workflow} runs={runs} />
      </Tabs>
    </>
  );
}
