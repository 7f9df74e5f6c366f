import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { Nothing } from '../../parts/nothing.js';
import { seen } from '../../parts/plain-text.js';
import { Rows } from '../../parts/rows.js';
import { Skeleton } from '../../parts/skeleton.js';
import { Time } from '../../parts/time.js';
import { Titled } from '../../parts/titled.js';
import { Problem } from '../../shell/problem.js';
import { workersQuery } from './queries.js';

const TONES = { alive: 'bg-good-soft text-good', silent: 'bg-bad-soft text-bad', stopped: 'bg-raised text-quiet' };

/** Who works, by kind and version. */
export function WorkersPart(): ReactElement {
  const { data, error } = useQuery(workersQuery);
  if (error !== null) return <Problem error={error} />;
  if (data === undefined) return <Skeleton lines={8} />;
  if (data.workers.length === 0) return <Nothing title="Nobody works.">Start workers with baton up.</Nothing>;
  const workers = data.workers.toSorted((a, b) => a.kind.localeCompare(b.kind) || a.version.localeCompare(b.version));
  return (
    <Titled title="Workers">
      <Rows
        label="Workers"
        rows={workers}
        keyOf={({ workerId }) => workerId}
        columns={[
          {
            title: 'Kind',
            cell: ({ kind, description }) => (
              <>
                <span className="font-medium">{seen(kind)}</span>
                <span className="block max-w-md text-xs text-quiet">{seen(description)}</span>
              </>
            ),
          },
          { title: 'Version', cell: ({ version }) => (version === '' ? '–' : seen(version)) },
          {
            title: 'State',
            cell: ({ status }) => (
              <span className={`rounded px-1.5 py-0.5 text-xs font-medium ${TONES[status]}`}>{status}</span>
            ),
          },
          { title: 'Load', isNumber: true, cell: ({ load, concurrency }) => `${load} of ${concurrency}` },
          { title: 'Last sign of life', cell: ({ seenAt }) => <Time at={seenAt} /> },
          { title: 'Since', cell: ({ startedAt }) => <Time at={startedAt} /> },
          { title: 'Where', cell: ({ host, pid }) => `${seen(host)} · ${pid}` },
        ]}
      />
    </Titled>
  );
}
