import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { type ReactElement, useMemo } from 'react';
import { mayDo, sessionQuery } from '../../../api/session.js';
import { Nothing } from '../../../parts/nothing.js';
import { Skeleton } from '../../../parts/skeleton.js';
import { Problem } from '../../../shell/problem.js';
import { yamlOf } from '../definition-of.js';
import { workflowQuery } from '../workflow-queries.js';
import { Draft } from './draft.js';
import { FIRST_DRAFT, versionAfter } from './drafts.js';

const route = getRouteApi('/shell/edit-workflow');

/** A workflow document as a text: a new one, or the next version of one there is. */
export function EditWorkflowView(): ReactElement {
  const { from } = route.useSearch();
  const { data: session, isPending } = useQuery(sessionQuery);
  const { data: workflow, error } = useQuery({ ...workflowQuery(from ?? ''), enabled: from !== undefined });
  const initial = useMemo(
    () =>
      workflow === undefined ? FIRST_DRAFT : yamlOf({ ...workflow.document, version: versionAfter(workflow.version) }),
    [workflow],
  );
  if (isPending) return <Skeleton lines={10} />;
  if (from !== undefined && workflow === undefined) {
    return error === null ? <Skeleton lines={10} /> : <Problem error={error} />;
  }
  if (!mayDo(session, 'operator')) {
    return (
      <Nothing title="Your roles publish no workflows." role="alert">
        An operator or admin does.{' '}
        <Link to="/workflows" search={{}}>
          See the workflows
        </Link>{' '}
        that there are.
      </Nothing>
    );
  }
  return (
    <div className="space-y-3">
      <h1 className="text-lg font-semibold">{from === undefined ? 'New workflow' : `Edit ${from} as a new version`}</h1>
      <Draft key={from ?? ''} initial={initial} />
    </div>
  );
}
