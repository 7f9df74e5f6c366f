import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { api } from '../../../api/api.js';
import { Button } from '../../../parts/button.js';
import { TextField } from '../../../parts/field.js';
import { seen } from '../../../parts/plain-text.js';
import { Refused } from '../../../parts/refused.js';
import { Rows } from '../../../parts/rows.js';
import { countOf } from '../../../parts/spans.js';
import { Time } from '../../../parts/time.js';
import { Titled } from '../../../parts/titled.js';
import { CheckResult } from './check-result.js';

const route = getRouteApi('/shell/operations');

/** Who was refused, and what was asked of the gateway itself. */
export function AccessLog(): ReactElement {
  const { kind, actor } = route.useSearch();
  const navigate = route.useNavigate();
  const filter = { ...(kind === undefined ? {} : { kind }), ...(actor === undefined ? {} : { actor }), limit: 50 };
  const { data, error, hasNextPage, fetchNextPage, isFetching } = useInfiniteQuery({
    queryKey: ['access-log', filter],
    queryFn: ({ pageParam }) =>
      api().get('/v1/auth/log', {
        params: { query: { ...filter, ...(pageParam === '' ? {} : { cursor: pageParam }) } },
      }),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  });
  const check = useMutation({ mutationFn: () => api().get('/v1/auth/log/verify', { timeoutMs: 120_000 }) });
  const narrow = (changed: object): void =>
    void navigate({ search: (before) => ({ ...before, ...changed }), replace: true });
  return (
    <Titled
      title="Access log"
      note="Refusals, and what was asked of Baton itself, newest first."
      actions={
        <span data-print="no">
          <Button disabled={check.isPending} onClick={() => check.mutate()}>
            Verify the access log
          </Button>
        </span>
      }
    >
      <Refused error={error ?? check.error} />
      {check.data === undefined ? null : (
        <CheckResult holds={check.data.verified} word={check.data.verified ? 'Unchanged.' : 'Changed.'} tone="good">
          {countOf(check.data.entries)} entries.{' '}
          {check.data.problem === null ? '' : `The first mismatch: ${seen(check.data.problem)}`}
        </CheckResult>
      )}
      <search data-print="no" aria-label="Access log" className="my-2 flex flex-wrap gap-3">
        <TextField
          label="Kind"
          placeholder="refused"
          value={kind ?? ''}
          onChange={({ target }) => narrow({ kind: target.value || undefined })}
        />
        <TextField
          label="Actor"
          placeholder="ada"
          value={actor ?? ''}
          onChange={({ target }) => narrow({ actor: target.value || undefined })}
        />
      </search>
      <Rows
        label="Access log"
        rows={(data?.pages ?? []).flatMap(({ entries }) => entries)}
        keyOf={({ position }) => String(position)}
        columns={[
          { title: 'No.', isNumber: true, cell: ({ position }) => position },
          { title: 'When', cell: ({ at }) => <Time at={at} /> },
          {
            title: 'Kind',
            cell: ({ kind: what, code }) => (
              <span className={what === 'refused' ? 'text-bad' : ''}>
                {seen(code === null ? what : `${what}: ${code}`)}
              </span>
            ),
          },
          { title: 'Who', cell: ({ actor: who, address }) => seen(who?.id ?? address ?? '–') },
          { title: 'Asked', cell: ({ route: asked, about }) => seen([asked, about].filter(Boolean).join(' · ')) },
          { title: 'Times', isNumber: true, cell: ({ count }) => countOf(count) },
        ]}
      />
      {hasNextPage ? (
        <p className="mt-2" data-print="no">
          <Button disabled={isFetching} onClick={() => void fetchNextPage()}>
            Older ones
          </Button>
        </p>
      ) : null}
    </Titled>
  );
}
