import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { seen } from '../../../parts/plain-text.js';
import { Refused } from '../../../parts/refused.js';
import { Rows } from '../../../parts/rows.js';
import { countOf } from '../../../parts/spans.js';
import { Time } from '../../../parts/time.js';
import { Titled } from '../../../parts/titled.js';
import { archiveQuery } from '../queries.js';

/** Runs that ended long ago. No link: to look at one brings it back into the log, which nobody should do by a click beside. */
export function ArchiveList(): ReactElement {
  const { data, error } = useQuery(archiveQuery);
  return (
    <Titled title="Archive" note={data === undefined ? undefined : `Runs in files, in ${seen(data.where)}.`}>
      <Refused error={error ?? data?.problem} />
      {data === undefined ? null : data.runs.length === 0 ? (
        <p className="text-quiet">None. {data.afterSeconds === null ? 'Nothing is archived by itself here.' : ''}</p>
      ) : (
        <Rows
          label="Archive"
          rows={data.runs}
          keyOf={({ runId }) => runId}
          columns={[
            { title: 'Run', cell: ({ runId }) => <code className="text-xs">{runId}</code> },
            { title: 'Workflow', cell: ({ workflow }) => seen(workflow) },
            { title: 'Ended', cell: ({ endedAt }) => <Time at={endedAt} /> },
            { title: 'Archived', cell: ({ archivedAt }) => <Time at={archivedAt} /> },
            { title: 'Events', isNumber: true, cell: ({ events }) => countOf(events) },
            { title: 'File', cell: ({ file }) => <span className="break-all">{seen(file)}</span> },
          ]}
        />
      )}
    </Titled>
  );
}
