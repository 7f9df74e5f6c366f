import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { api } from '../../api/api.js';
import { Nothing } from '../../parts/nothing.js';
import { Skeleton } from '../../parts/skeleton.js';
import { Status } from '../../parts/status.js';
import { Time } from '../../parts/time.js';
import { Problem } from '../../shell/problem.js';

export function RunsView(): ReactElement {
  const { data, error } = useQuery({ queryKey: ['live', 'runs'], queryFn: () => api().get('/v1/runs') });
  if (error !== null) return <Problem error={error} />;
  if (data === undefined) return <Skeleton lines={10} />;
  if (data.runs.length === 0) return <Nothing title="No run yet.">Submit one here, or with baton run submit.</Nothing>;
  return (
    <table className="w-full text-left">
      <thead className="text-quiet">
        <tr>
          <th className="p-2 font-medium">Run</th>
          <th className="p-2 font-medium">Status</th>
          <th className="p-2 font-medium">Begun</th>
        </tr>
      </thead>
      <tbody>
        {data.runs.map((run) => (
          <tr key={run.runId} className="border-t border-line">
            <td className="p-2">
              <Link to="/runs/$runId" params={{ runId: run.runId }} className="text-accent hover:underline">
                {run.workflow}
              </Link>
            </td>
            <td className="p-2">
              <Status status={run.status} />
            </td>
            <td className="p-2">
              <Time at={run.startedAt} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
