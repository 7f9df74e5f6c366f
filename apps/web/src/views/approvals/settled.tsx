import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { Button } from '../../parts/button.js';
import { Dialog } from '../../parts/dialog.js';
import { seen } from '../../parts/plain-text.js';
import { settledWords } from './answers.js';
import { Quote } from './approval-facts.js';
import { type Approval, inboxQuery } from './approval-queries.js';

interface SettledProps {
  readonly approval: Approval;
  /** What was written for it by then. */
  readonly words: string;
  readonly onClose: () => void;
}

/** In place of the dialog, also of one that was open: somebody else was quicker, or nobody needs the answer any more. */
export function Settled({ approval, words, onClose }: SettledProps): ReactElement {
  const { approvalId, runId, comment } = approval;
  const { data } = useInfiniteQuery(inboxQuery('open'));
  const open = data?.pages.flatMap(({ approvals }) => approvals) ?? [];
  const next = open.find((each) => each.runId === runId && each.approvalId !== approvalId);
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={approval.status === 'gone' ? 'It is asked no longer' : 'It is answered already'}
      description={seen(settledWords(approval))}
    >
      <div className="space-y-3">
        {comment === null || comment === '' ? null : <Quote words={comment} />}
        {words.trim() === '' ? null : (
          <div>
            <p className="text-quiet">You had written, and nothing of it was sent:</p>
            <Quote words={words} />
          </div>
        )}
        {next === undefined ? null : (
          <p>
            The run asks again:{' '}
            <Link to="/approvals" search={{ id: next.approvalId }} onClick={onClose} className="text-accent underline">
              {seen(next.title ?? next.state)}
            </Link>
            , with what changed since.
          </p>
        )}
        <div className="flex justify-end">
          <Button onClick={onClose}>Close</Button>
        </div>
      </div>
    </Dialog>
  );
}
