import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { mayDo, sessionQuery } from '../../api/session.js';
import { TextField } from '../../parts/field.js';
import { Nothing } from '../../parts/nothing.js';
import { seen } from '../../parts/plain-text.js';
import { Skeleton } from '../../parts/skeleton.js';
import { Time } from '../../parts/time.js';
import { Problem } from '../../shell/problem.js';
import { catalogOf, type Entry } from './catalog.js';
import { workflowsQuery } from './workflow-queries.js';

const route = getRouteApi('/shell/workflows');
const HEAD = 'p-2 font-medium';

/** The catalog: each workflow once, with its versions. */
export function WorkflowsView(): ReactElement {
  const { q = '' } = route.useSearch();
  const navigate = route.useNavigate();
  const { data: session } = useQuery(sessionQuery);
  const { data, error } = useQuery(workflowsQuery);
  if (data === undefined) return error === null ? <Skeleton lines={10} /> : <Problem error={error} />;
  const entries = catalogOf(data.workflows, q);
  return (
    <div className="space-y-3">
      <div className="flex flex-wrap items-end gap-3">
        <h1 className="mr-auto text-lg font-semibold">Workflows</h1>
        <TextField
          label="Search workflows"
          isLabelHidden
          type="search"
          placeholder="Name or title"
          value={q}
          onChange={({ target }) => void navigate({ search: { q: target.value || undefined }, replace: true })}
        />
        {mayDo(session, 'operator') ? (
          <Link to="/edit-workflow" search={{}} className="rounded bg-accent px-2.5 py-1 text-accent-ink">
            New workflow
          </Link>
        ) : null}
      </div>
      {entries.length === 0 ? (
        <Nothing title={q === '' ? 'No workflow yet.' : 'No workflow has these words in its name or title.'}>
          Publish one here, or with <code>baton workflow publish my-workflow.yaml</code>.
        </Nothing>
      ) : (
        <div className="overflow-x-auto rounded-md border border-line bg-surface">
          <table className="w-full text-left">
            <thead className="text-quiet">
              <tr>
                <th scope="col" className={HEAD}>
                  Workflow
                </th>
                <th scope="col" className={HEAD}>
                  Versions
                </th>
                <th scope="col" className={HEAD}>
                  Source
                </th>
                <th scope="col" className={HEAD}>
                  Published
                </th>
              </tr>
            </thead>
            <tbody>
              {entries.map((entry) => (
                <EntryRow key={entry.name} entry={entry} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  );
}

const EntryRow = ({ entry: { name, versions } }: { readonly entry: Entry }): ReactElement => {
  const [newest] = versions;
  return (
    <tr className="border-t border-line align-top">
      <td className="p-2">
        <Link to="/workflows/$ref" params={{ ref: name }} className="font-medium text-accent hover:underline">
          {seen(name)}
        </Link>
        <p className="text-quiet">{newest.title === null ? '' : seen(newest.title)}</p>
        {newest.problem === null ? null : <p className="text-bad">It cannot be run: {seen(newest.problem)}</p>}
      </td>
      <td className="p-2">
        <ul className="flex flex-wrap gap-x-2">
          {versions.map(({ version }) => (
            <li key={version}>
              <Link to="/workflows/$ref" params={{ ref: `${name}@${version}` }} className="text-accent hover:underline">
                {seen(version)}
              </Link>
            </li>
          ))}
        </ul>
      </td>
      <td className="p-2">{newest.source}</td>
      <td className="p-2 text-quiet">
        {newest.publishedAt === null ? '' : <Time at={newest.publishedAt} />}
        {newest.publishedBy === null ? null : <span className="block text-xs">by {seen(newest.publishedBy.id)}</span>}
      </td>
    </tr>
  );
};
