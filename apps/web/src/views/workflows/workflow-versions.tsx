import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { type ReactElement, useMemo } from 'react';
import { Button } from '../../parts/button.js';
import { DiffView } from '../../parts/diff-view/diff-view.js';
import { Select } from '../../parts/field.js';
import { seen } from '../../parts/plain-text.js';
import { Skeleton } from '../../parts/skeleton.js';
import { Problem } from '../../shell/problem.js';
import { yamlOf } from './definition-of.js';
import { VersionTable } from './version-table.js';
import { workflowQuery, workflowsQuery } from './workflow-queries.js';
import type { WorkflowTabProps } from './workflow-tabs.js';

const route = getRouteApi('/shell/workflows/$ref');

/** All versions, and what is between this one and another. */
export function WorkflowVersions({ workflow }: WorkflowTabProps): ReactElement {
  const search = route.useSearch();
  const { with: other, isSplit = false } = search;
  const navigate = route.useNavigate();
  const { data, error } = useQuery(workflowsQuery);
  if (data === undefined) return error === null ? <Skeleton /> : <Problem error={error} />;
  const versions = data.workflows.filter(({ name }) => name === workflow.name);
  const others = versions.filter(({ version }) => version !== workflow.version);
  return (
    <div className="space-y-4">
      <VersionTable name={workflow.name} current={workflow.version} versions={versions} />
      {others.length === 0 ? (
        <p className="text-quiet">There is no other version to compare it with.</p>
      ) : (
        <>
          <div className="flex flex-wrap items-end gap-2">
            <Select
              label="Compare with"
              value={other ?? ''}
              onChange={({ target }) =>
                void navigate({ search: (before) => ({ ...before, with: target.value || undefined }) })
              }
            >
              <option value="">Choose a version</option>
              {others.map(({ version }) => (
                <option key={version}>{version}</option>
              ))}
            </Select>
            <Button
              aria-pressed={isSplit}
              onClick={() => void navigate({ search: (before) => ({ ...before, isSplit: !isSplit }) })}
            >
              Side by side
            </Button>
          </div>
          {other === undefined ? null : <Between workflow={workflow} other={other} isSplit={isSplit} />}
        </>
      )}
    </div>
  );
}

function Between({
  workflow,
  other,
  isSplit,
}: WorkflowTabProps & { readonly other: string; readonly isSplit: boolean }): ReactElement {
  const { data, error } = useQuery(workflowQuery(`${workflow.name}@${other}`));
  const before = useMemo(() => yamlOf(data?.document), [data]);
  const after = useMemo(() => yamlOf(workflow.document), [workflow]);
  if (data === undefined) return error === null ? <Skeleton /> : <Problem error={error} />;
  return (
    <section aria-label="What changed">
      <h2 className="mb-1 font-semibold">
        From {seen(other)} to {seen(workflow.version)}
      </h2>
      <DiffView label={`From ${other} to ${workflow.version}`} before={before} after={after} isSplit={isSplit} />
    </section>
  );
}
