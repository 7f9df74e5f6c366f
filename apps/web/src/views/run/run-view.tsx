import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { type ComponentType, type ReactElement, Suspense, useEffect } from 'react';
import { lazily } from '../../parts/lazily.js';
import { Skeleton } from '../../parts/skeleton.js';
import { Tabs } from '../../parts/tabs.js';
import { LostRun } from './lost-run.js';
import { runQuery } from './run-query.js';
import { RUN_TABS, type RunTab, type TabProps } from './run-tabs.js';
import { useRunTitle } from './run-title.js';
import { SummaryStrip } from './summary/summary-strip.js';

const TABS: Readonly<Record<RunTab, { readonly title: string; readonly Tab: ComponentType<TabProps> }>> = {
  timeline: {
    title: 'Timeline',
    Tab: lazily(() => import('./timeline/timeline-tab.js').then(({ TimelineTab }) => TimelineTab)),
  },
  graph: {
    title: 'Graph',
    Tab: lazily(() => import('./graph/graph-tab.js').then(({ GraphTab }) => GraphTab)),
  },
  events: {
    title: 'Events',
    Tab: lazily(() => import('./events/events-tab.js').then(({ EventsTab }) => EventsTab)),
  },
  decisions: {
    title: 'Decisions',
    Tab: lazily(() => import('./decisions/decisions-tab.js').then(({ DecisionsTab }) => DecisionsTab)),
  },
  code: {
    title: 'Plan and code',
    Tab: lazily(() => import('./code/code-tab.js').then(({ CodeTab }) => CodeTab)),
  },
};

const route = getRouteApi('/shell/runs/$runId');

/** One run: the strip that is always in sight, and one of its parts below. */
export function RunView(): ReactElement {
  const { runId } = route.useParams();
  const { tab = 'timeline' } = route.useSearch();
  const navigate = route.useNavigate();
  const { data: run, error } = useQuery(runQuery(runId));
  useRunTitle(run);
  // The beginning of an id is enough to come here; what happens to the run is told under the whole of it.
  const wholeId = run?.runId ?? runId;
  useEffect(() => {
    if (wholeId !== runId) void navigate({ params: { runId: wholeId }, search: (before) => before, replace: true });
  }, [wholeId, runId, navigate]);
  if (run === undefined) return error === null ? <Skeleton lines={10} /> : <LostRun error={error} />;
  const { Tab } = TABS[tab];
  return (
    <>
      <SummaryStrip run={run} />
      <Tabs
        label="Parts of the run"
        value={tab}
        tabs={RUN_TABS.map((id) => ({ id, title: TABS[id].title }))}
        onChoose={(id) => void navigate({ search: (before) => ({ ...before, tab: id }), resetScroll: false })}
      >
        <Suspense fallback={<Skeleton />}>
          <Tab run={run} />
        </Suspense>
      </Tabs>
    </>
  );
}
