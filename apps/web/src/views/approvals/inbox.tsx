import { Link } from '@tanstack/react-router';
import { type ReactElement, useEffect, useRef } from 'react';
import { seen } from '../../parts/plain-text.js';
import { Status } from '../../parts/status.js';
import { Time } from '../../parts/time.js';
import { actorName } from './answers.js';
import type { Listed } from './approval-queries.js';

interface InboxProps {
  readonly approvals: readonly Listed[];
  readonly selected: string | undefined;
}

const STATUS: Readonly<Record<string, string>> = {
  approve: 'approved',
  reject: 'rejected',
  'request-changes': 'changes wanted',
  answer: 'answered',
};

export const statusOf = (status: string): string => STATUS[status] ?? status;

/** The questions there are, one line of title and one of where it comes from. */
export const Inbox = ({ approvals, selected }: InboxProps): ReactElement => (
  <ul aria-label="Approvals" className="divide-y divide-line rounded-md border border-line bg-surface">
    {approvals.map((approval) => (
      <Entry key={approval.approvalId} approval={approval} isSelected={approval.approvalId === selected} />
    ))}
  </ul>
);

function Entry({ approval, isSelected }: { readonly approval: Listed; readonly isSelected: boolean }): ReactElement {
  const { approvalId, title, state, workflow, since, dueAt, status, settledAt, settledBy } = approval;
  const link = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    if (isSelected) link.current?.scrollIntoView({ block: 'nearest' });
  }, [isSelected]);
  return (
    <li>
      <Link
        ref={link}
        to="/approvals"
        search={(before) => ({ ...before, id: approvalId })}
        className="block border-l-2 border-transparent px-3 py-2 hover:bg-raised aria-[current=page]:border-accent aria-[current=page]:bg-raised"
      >
        <span className="flex items-start justify-between gap-2">
          <span className="line-clamp-2 min-w-0 font-medium break-words">{seen(title ?? state)}</span>
          {status === 'open' ? null : <Status status={statusOf(status)} />}
        </span>
        <span className="mt-0.5 flex flex-wrap justify-between gap-x-2 text-xs text-quiet">
          <span className="min-w-0 break-words">
            {seen(`${workflow} · ${state} · ${approvalId.slice(0, 8)}`)}
            {settledBy === undefined ? '' : ` · ${seen(actorName(settledBy))}`}
          </span>
          <span>
            <Time at={settledAt ?? since} />
            {dueAt === null || status !== 'open' ? null : (
              <span className="text-warn">
                {' · due '}
                <Time at={dueAt} />
              </span>
            )}
          </span>
        </span>
      </Link>
    </li>
  );
}
