import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { api } from '../../../api/api.js';
import { expectedInWords, outlookInWords } from '../../../parts/expected.js';
import type { TabProps } from '../run-tabs.js';

const ASKED_AGAIN_MS = 15_000;

/** What is left of a run, or what had been expected of one that has ended: in a few words that lead to how good such are. */
export function Expected({ run: { runId, workflow, endedAt, steps } }: TabProps): ReactElement | null {
  const isOpen = endedAt === null;
  const { data } = useQuery({
    // Another step is another expectation; between steps it changes with time alone.
    queryKey: ['expectation', runId, isOpen ? steps.length : 'ended'],
    queryFn: ({ signal }) => api().get('/v1/foresight/expectations/{id}', { params: { path: { id: runId } }, signal }),
    placeholderData: keepPreviousData,
    staleTime: ASKED_AGAIN_MS,
    refetchInterval: isOpen ? ASKED_AGAIN_MS : false,
  });
  const now = data?.now == null ? null : outlookInWords(data.now);
  const before = data?.atStart?.status === 'known' ? expectedInWords(data.atStart) : null;
  const shown = isOpen ? now : before === null ? null : { short: before.split(';')[0] ?? '', long: before };
  if (shown === null) return null;
  return (
    <div className="flex gap-1.5">
      <dt className="whitespace-nowrap text-quiet">Expected</dt>
      <dd className="min-w-0">
        <Link to="/foresight" search={{ workflow }} title={shown.long} className="text-accent hover:underline">
          {shown.short}
        </Link>
      </dd>
    </div>
  );
}
