import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { seen } from '../../../parts/plain-text.js';
import { Rows } from '../../../parts/rows.js';
import { Time } from '../../../parts/time.js';
import { Titled } from '../../../parts/titled.js';
import { erasuresQuery } from '../queries.js';

/** What was erased of persons, for good. */
export function Erasures(): ReactElement | null {
  const { data } = useQuery(erasuresQuery);
  if (data === undefined) return null;
  return (
    <Titled title="Personal data that was erased" note="With baton personal erase; the keys are destroyed for good.">
      {data.erasures.length === 0 ? (
        <p className="text-quiet">None.</p>
      ) : (
        <Rows
          label="Personal data that was erased"
          rows={data.erasures}
          keyOf={({ keyId }) => keyId}
          columns={[
            { title: 'When', cell: ({ at }) => <Time at={at} /> },
            { title: 'Key', cell: ({ keyId }) => <code className="text-xs">{keyId}</code> },
            { title: 'Runs', isNumber: true, cell: ({ runs }) => runs },
            { title: 'By', cell: ({ by }) => seen(by.id) },
            { title: 'Why', cell: ({ reason }) => seen(reason) },
          ]}
        />
      )}
    </Titled>
  );
}
