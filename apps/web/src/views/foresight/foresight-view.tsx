import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { api } from '../../api/api.js';
import { Select } from '../../parts/field.js';
import { AnomalyList } from './anomaly-list.js';
import { CalibrationPart } from './calibration-part.js';
import { ExpectedPart } from './expected-part.js';

const route = getRouteApi('/shell/foresight');

/** What runs are expected to take, how good that was, and what was unusual. */
export function ForesightView(): ReactElement {
  const { workflow } = route.useSearch();
  const navigate = route.useNavigate();
  const { data } = useQuery({
    queryKey: ['workflows'],
    queryFn: ({ signal }) => api().get('/v1/workflows', { signal }),
  });
  const names = [...new Set([...(data?.workflows ?? []).map(({ name }) => name), ...(workflow ? [workflow] : [])])];
  return (
    <>
      <h1 className="sr-only">Foresight</h1>
      <search aria-label="Workflow" className="mb-4 flex [&_select]:h-8">
        <Select
          label="Workflow"
          value={workflow ?? ''}
          onChange={({ target }) => void navigate({ search: { workflow: target.value || undefined } })}
        >
          <option value="">All of them</option>
          {names.toSorted().map((name) => (
            <option key={name}>{name}</option>
          ))}
        </Select>
      </search>
      {workflow === undefined ? null : <ExpectedPart workflow={workflow} />}
      <AnomalyList workflow={workflow} />
      <CalibrationPart workflow={workflow} />
    </>
  );
}
