import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { type ComponentType, type ReactElement, Suspense } from 'react';
import { mayDo, sessionQuery } from '../../api/session.js';
import { lazily } from '../../parts/lazily.js';
import { seen } from '../../parts/plain-text.js';
import { Skeleton } from '../../parts/skeleton.js';
import { Tabs } from '../../parts/tabs.js';
import { Problem } from '../../shell/problem.js';
import { RecentStrip } from './recent-strip.js';
import { Withdraw } from './withdraw.js';
import { workflowQuery } from './workflow-queries.js';
import { WORKFLOW_TABS, type WorkflowTab, type WorkflowTabProps } from './workflow-tabs.js';

const TABS: Readonly<Record<WorkflowTab, { readonly title: string; readonly Tab: ComponentType<WorkflowTabProps> }>> = {
  graph: {
    title: 'Graph',
    Tab: lazily(() => import('./workflow-graph.js').then(({ WorkflowGraph }) => WorkflowGraph)),
  },
  document: {
    title: 'Document',
    Tab: lazily(() => import('./workflow-texts.js').then(({ DocumentText }) => DocumentText)),
  },
  input: {
    title: 'Input',
    Tab: lazily(() => import('./workflow-texts.js').then(({ InputText }) => InputText)),
  },
  versions: {
    title: 'Versions',
    Tab: lazily(() => import('./workflow-versions.js').then(({ WorkflowVersions }) => WorkflowVersions)),
  },
};

const route = getRouteApi('/shell/workflows/$ref');
const ACTION = 'rounded border border-line bg-surface px-2.5 py-1 hover:bg-raised';

/** One version of a workflow: what became of its runs, and one of its parts below. */
export function WorkflowView(): ReactElement {
  const { ref } = route.useParams();
  const { tab = 'graph' } = route.useSearch();
  const navigate = route.useNavigate();
  const { data: session } = useQuery(sessionQuery);
  const { data: workflow, error } = useQuery(workflowQuery(ref));
  if (workflow === undefined) return error === null ? <Skeleton lines={10} /> : <Problem error={error} />;
  const { Tab } = TABS[tab];
  const mayPublish = mayDo(session, 'operator');
  const exact = `${workflow.name}@${workflow.version}`;
  const { description } = workflow.document;
  return (
    <div className="space-y-3">
      <div className="flex flex-wrap items-baseline gap-x-3 gap-y-2">
        <h1 className="text-lg font-semibold">{seen(workflow.name)}</h1>
        <span className="text-quiet">
          {seen(workflow.version)} · {workflow.source}
        </span>
        <span className="mr-auto" />
        <Link to="/" search={{ workflow: workflow.name }} className={ACTION}>
          Its runs
        </Link>
        {mayDo(session, 'submitter') ? (
          <Link to="/submit" search={{ workflow: exact }} className={ACTION}>
            Submit a run
          </Link>
        ) : null}
        {mayPublish ? (
          <Link to="/edit-workflow" search={{ from: exact }} className={ACTION}>
            Edit as a new version
          </Link>
        ) : null}
        {mayPublish && workflow.source === 'published' ? (
          <Withdraw name={workflow.name} version={workflow.version} />
        ) : null}
      </div>
      <p>{workflow.title === null ? null : seen(workflow.title)}</p>
      {typeof description === 'string' ? <p className="max-w-3xl text-quiet">{seen(description)}</p> : null}
      {workflow.problem === null ? null : (
        <p role="alert" className="text-bad">
          It cannot be run: {seen(workflow.problem)}
        </p>
      )}
      <RecentStrip workflow={workflow.name} />
      <Tabs
        label="Parts of the workflow"
        value={tab}
        tabs={WORKFLOW_TABS.map((id) => ({ id, title: TABS[id].title }))}
        onChoose={(id) => void navigate({ search: (before) => ({ ...before, tab: id }) })}
      >
        <Suspense fallback={<Skeleton lines={10} />}>
          <Tab workflow={workflow} />
        </Suspense>
      </Tabs>
    </div>
  );
}
