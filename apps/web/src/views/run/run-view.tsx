import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { type ComponentType, lazy, type ReactElement, Suspense } from 'react';
import { Skeleton } from '../../parts/skeleton.js';
import { Tabs } from '../../parts/tabs.js';
import { Problem } from '../../shell/problem.js';
import { runQuery } from './run-query.js';
import { RUN_TABS, type RunTab, type TabProps } from './run-tabs.js';
import { SummaryStrip } from './summary/summary-strip.js';

const TABS: Readonly<Record<RunTab, { readonly title: string; readonly Tab: ComponentType<TabProps> }>> = {
  timeline: {
    title: 'Timeline',
    Tab: lazy(() => import('./timeline/timeline-tab.js').then(({ TimelineTab }) => ({ default: TimelineTab }))),
  },
  graph: {
    title: 'Graph',
    Tab: lazy(() => import('./graph/graph-tab.js').then(({ GraphTab }) => ({ default: GraphTab }))),
  },
  events: {
    title: 'Events',
    Tab: lazy(() => import('./events/events-tab.js').then(({ EventsTab }) => ({ default: EventsTab }))),
  },
  decisions: {
    title: 'Decisions',
    Tab: lazy(() => import('./decisions/decisions-tab.js').then(({ DecisionsTab }) => ({ default: DecisionsTab }))),
  },
  code: {
    title: 'Plan and code',
    Tab: lazy(() => import('./code/code-tab.js').then(({ CodeTab }) => ({ default: CodeTab }))),
  },
};

const route = getRouteApi('/shell/runs/$runId');

/** One run: the strip that is always in sight, and one of its parts below. */
export function RunView(): ReactElement {
  const { runId } = route.useParams();
  const { tab = 'timeline' } = route.useSearch();
  const navigate = route.useNavigate();
  const { data: run, error } = useQuery(runQuery(runId));
  if (run === undefined) return error === null ? <Skeleton lines={10} /> : <Problem error={error} />;
  const { Tab } = TABS[tab];
  return (
    <>
      <SummaryStrip run={run} />
      <Tabs
        label="Parts of the run"
        value={tab}
        tabs={RUN_TABS.map((id) => ({ id, title: TABS[id].title }))}
        onChoose={(id) => void navigate({ search: (before) => ({ ...before, tab: id }) })}
      >
        <Suspense fallback={<Skeleton />}>
          <Tab run={run} />
        </Suspense>
      </Tabs>
    </>
  );
}
