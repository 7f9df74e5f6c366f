import { useQuery } from '@tanstack/react-query';
import { type ReactElement, useState } from 'react';
import { z } from 'zod';
import { api } from '../../../api/api.js';
import { Text } from '../../../parts/text.js';
import type { Attempt } from '../story/story.js';

const Visits = z.object({ visits: z.array(z.object({ visit: z.int(), input: z.unknown() })) });

/** What the state was given, which no event says: it follows from the events before, and is asked for when it is opened. */
export function StateInput({ runId, attempt }: { readonly runId: string; readonly attempt: Attempt }): ReactElement {
  const [isOpen, setOpen] = useState(false);
  const { data, error } = useQuery({
    queryKey: ['state-input', runId, attempt.version],
    queryFn: async ({ signal }) => {
      const params = { path: { id: runId }, query: { at: attempt.version } };
      const { state } = await api().get('/v1/runs/{id}/state', { params, signal, timeoutMs: 120_000 });
      const read = Visits.safeParse(state);
      return { input: read.data?.visits.find(({ visit }) => visit === attempt.visit)?.input };
    },
    enabled: isOpen,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="cursor-pointer font-medium">What the state was given</summary>
      {error !== null ? <p className="text-bad">{error.message}</p> : null}
      {data === undefined ? (
        <p className="text-quiet">{error === null ? 'Loading …' : ''}</p>
      ) : (
        <Text text={JSON.stringify(data.input, null, 2) ?? 'nothing'} label="Input of the state" />
      )}
    </details>
  );
}
