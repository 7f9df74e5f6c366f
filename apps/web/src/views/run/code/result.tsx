import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { api } from '../../../api/api.js';
import { Nothing } from '../../../parts/nothing.js';
import { seen } from '../../../parts/plain-text.js';
import { Skeleton } from '../../../parts/skeleton.js';
import { Text } from '../../../parts/text.js';
import { Problem } from '../../../shell/problem.js';
import type { TabProps } from '../run-tabs.js';

/** What a run came to. */
export function Result({ run }: TabProps): ReactElement {
  const { runId, endedAt } = run;
  const { data, error } = useQuery({
    queryKey: ['run', runId, 'result'],
    queryFn: ({ signal }) => api().get('/v1/runs/{id}/result', { params: { path: { id: runId } }, signal }),
    enabled: endedAt !== null,
  });
  if (endedAt === null) return <Nothing title="It has not ended.">The result is shown when it has.</Nothing>;
  if (data === undefined) return error === null ? <Skeleton lines={8} /> : <Problem error={error} />;
  const left = data.output ?? data.unfinished;
  return (
    <div className="space-y-2">
      {data.error === null ? null : (
        <p className="break-words text-bad">{[data.error, data.cause ?? ''].filter(Boolean).map(seen).join(': ')}</p>
      )}
      {data.output === null && data.unfinished !== null ? (
        <p className="text-quiet">What there was when it ended:</p>
      ) : null}
      {left === null ? (
        <p className="text-quiet">It has no output.</p>
      ) : (
        <Text label="Result" text={JSON.stringify(left, null, 2)} />
      )}
    </div>
  );
}
