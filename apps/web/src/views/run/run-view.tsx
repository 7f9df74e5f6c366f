import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { api } from '../../api/api.js';
import { Skeleton } from '../../parts/skeleton.js';
import { Status } from '../../parts/status.js';
import { Tabs } from '../../parts/tabs.js';
import { Problem } from '../../shell/problem.js';
import { RUN_TABS } from './run-tabs.js';

const TITLES = {
  timeline: 'Timeline',
  graph: 'Graph',
  events: 'Events',
  decisions: 'Decisions',
  code: 'Plan and code',
};

const route = getRouteApi('/shell/runs/$runId');

export function RunView(): ReactElement {
  const { runId } = route.useParams();
  const { tab = 'timeline' } = route.useSearch();
  const navigate = route.useNavigate();
  const { data, error } = useQuery({
    queryKey: ['run', runId, 'detail'],
    queryFn: () => api().get('/v1/runs/{id}', { params: { path: { id: runId } } }),
  });
  if (error !== null) return <Problem error={error} />;
  if (data === undefined) return <Skeleton lines={10} />;
  return (
    <>
      <h1 className="mb-2 text-lg font-semibold">
        {data.workflow} <Status status={data.status} />
      </h1>
      <Tabs
        label="Parts of the run"
        value={tab}
        tabs={RUN_TABS.map((id) => ({ id, title: TITLES[id] }))}
        onChoose={(id) => void navigate({ search: (before) => ({ ...before, tab: id }) })}
      >
        {TITLES[tab]}
      </Tabs>
    </>
  );
}
