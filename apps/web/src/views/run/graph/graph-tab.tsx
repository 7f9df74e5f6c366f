import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactElement, Suspense, useCallback, useMemo } from 'react';
import { api } from '../../../api/api.js';
import { pictureOf } from '../../../parts/graph/machine-picture.js';
import type { Chooser } from '../../../parts/graph/node-card.js';
import { StateList } from '../../../parts/graph/state-list.js';
import { lazily } from '../../../parts/lazily.js';
import { Skeleton } from '../../../parts/skeleton.js';
import { Problem } from '../../../shell/problem.js';
import { useRunEvents } from '../run-events.js';
import type { TabProps } from '../run-tabs.js';
import { entriesOf, marksOfRun } from './marks-of-run.js';

const WorkflowPicture = lazily(() =>
  import('../../../parts/graph/workflow-picture.js').then(({ WorkflowPicture }) => WorkflowPicture),
);

/** The workflow of a run, with what has become of each of its states. */
export function GraphTab({ run }: TabProps): ReactElement {
  const ref = `${run.workflow}@${run.workflowVersion}`;
  const { data: workflow, error } = useQuery({
    queryKey: ['workflow', ref],
    queryFn: ({ signal }) => api().get('/v1/workflows/{ref}', { params: { path: { ref } }, signal }),
  });
  const { data: log } = useRunEvents(run.runId);
  const machine = useMemo(() => pictureOf(workflow?.document), [workflow]);
  const marks = useMemo(() => marksOfRun(run, entriesOf(log?.events ?? [], run.version)), [run, log]);
  const { runId } = run;
  const chooser = useCallback<Chooser>(
    ({ state, className, children }) => (
      <Link to="/runs/$runId" params={{ runId }} search={{ tab: 'timeline', state }} className={className}>
        {children}
      </Link>
    ),
    [runId],
  );
  if (workflow === undefined) return error === null ? <Skeleton lines={10} /> : <Problem error={error} />;
  const rounds = Object.entries(run.rounds).map(([phase, count]) => `${phase}: round ${count}`);
  return (
    <div className="space-y-3">
      <p className="text-quiet">
        {[`${workflow.name} ${workflow.version}`, ...rounds].join(' · ')}. A state leads to its part of the timeline.
      </p>
      <Suspense fallback={<Skeleton lines={12} />}>
        <WorkflowPicture machine={machine} marks={marks} chooser={chooser} label={`Graph of ${workflow.name}`} />
      </Suspense>
      <details>
        <summary className="cursor-pointer text-quiet">The same as a list</summary>
        <StateList machine={machine} marks={marks} chooser={chooser} />
      </details>
    </div>
  );
}
