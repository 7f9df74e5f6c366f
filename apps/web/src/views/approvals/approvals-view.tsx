import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { type ReactElement, useState } from 'react';
import { Button } from '../../parts/button.js';
import { Nothing } from '../../parts/nothing.js';
import { Skeleton } from '../../parts/skeleton.js';
import { Tabs } from '../../parts/tabs.js';
import { Problem } from '../../shell/problem.js';
import { type Answer, afterThis, neighbour } from './answers.js';
import { inboxQuery } from './approval-queries.js';
import { Inbox } from './inbox.js';
import type { InboxKey } from './keys.js';
import { Recorded } from './recorded.js';
import { SelectedApproval } from './selected-approval.js';
import { useInboxKeys } from './use-inbox-keys.js';

const route = getRouteApi('/shell/approvals');

const TABS = [
  { id: 'open', title: 'Waiting' },
  { id: 'answered', title: 'Answered' },
] as const;

/** What runs ask people: the list on the left, the one that is looked at on the right; on a small screen one after the other. */
export function ApprovalsView(): ReactElement {
  const { show: status = 'open', id } = route.useSearch();
  const navigate = route.useNavigate();
  const [answering, setAnswering] = useState<Answer['key'] | null>(null);
  const [answered, setAnswered] = useState<string | null>(null);
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(inboxQuery(status));
  const approvals = data?.pages.flatMap((page) => page.approvals) ?? [];
  const ids = approvals.map(({ approvalId }) => approvalId);
  const select = (next: string | undefined): void => {
    setAnswering(null);
    void navigate({ search: (before) => ({ ...before, id: next }), replace: true });
  };
  const press = (key: InboxKey): void => {
    if (key === 'next' || key === 'previous') select(neighbour(ids, id, key === 'next' ? 1 : -1) ?? id);
    else if (key === 'open') open();
    else if (id !== undefined) setAnswering(key);
  };
  const open = (): void => {
    if (id === undefined) select(ids[0]);
    document.getElementById('approval-title')?.focus();
  };
  useInboxKeys(answering === null, press);
  const isSmallAway = id === undefined ? '' : 'hidden lg:block';
  return (
    <>
      {id === undefined ? <h1 className="sr-only">Approvals</h1> : null}
      {answered === null ? null : <Recorded approvalId={answered} onClose={() => setAnswered(null)} />}
      <div className="grid items-start gap-4 lg:grid-cols-[22rem_minmax(0,1fr)]">
        <div className={`min-w-0 lg:sticky lg:top-16 lg:max-h-[calc(100vh-5rem)] lg:overflow-y-auto ${isSmallAway}`}>
          <Tabs
            label="Which approvals"
            value={status}
            tabs={TABS}
            onChoose={(tab) => void navigate({ search: tab === 'open' ? {} : { show: tab } })}
          >
            {error !== null && data === undefined ? <Problem error={error} /> : null}
            {data === undefined && error === null ? <Skeleton lines={8} /> : null}
            {data !== undefined && ids.length === 0 ? <Empty status={status} /> : null}
            {ids.length === 0 ? null : <Inbox approvals={approvals} selected={id} />}
            {hasNextPage ? (
              <p className="mt-2 text-center">
                <Button disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
                  {isFetchingNextPage ? 'Loading …' : 'Show more'}
                </Button>
              </p>
            ) : null}
          </Tabs>
        </div>
        <div className={`min-w-0 ${id === undefined ? 'hidden lg:block' : ''}`}>
          <Link
            to="/approvals"
            search={{ show: status === 'open' ? undefined : status }}
            className="text-accent lg:hidden"
          >
            ← All approvals
          </Link>
          {id === undefined ? (
            <Hint />
          ) : (
            <SelectedApproval
              approvalId={id}
              answering={answering}
              onAnswering={setAnswering}
              onAnswered={() => {
                setAnswered(id);
                select(afterThis(ids, id));
              }}
            />
          )}
        </div>
      </div>
    </>
  );
}

const Empty = ({ status }: { readonly status: 'open' | 'answered' }): ReactElement =>
  status === 'open' ? (
    <Nothing title="Nobody is asked for anything.">
      A run asks where its workflow says so: <code className="font-mono">baton run submit --set gates=both</code> makes
      seven-step do it.
    </Nothing>
  ) : (
    <Nothing title="Nothing was answered yet.">What somebody answers stands here, the newest first.</Nothing>
  );

const KEYS = [
  ['j / k', 'next and previous'],
  ['Enter', 'read it'],
  ['a', 'approve or answer'],
  ['c', 'request changes'],
  ['x', 'reject'],
] as const;

const Hint = (): ReactElement => (
  <Nothing title="Choose what you want to look at.">
    <dl className="mx-auto mt-2 grid w-max grid-cols-[max-content_max-content] gap-x-3 gap-y-1 text-left">
      {KEYS.map(([key, what]) => (
        <div key={key} className="contents">
          <dt>
            <kbd className="rounded border border-line bg-raised px-1 text-xs">{key}</kbd>
          </dt>
          <dd>{what}</dd>
        </div>
      ))}
    </dl>
  </Nothing>
);
