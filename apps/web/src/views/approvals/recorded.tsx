import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { Button } from '../../parts/button.js';
import { seen } from '../../parts/plain-text.js';
import { Time } from '../../parts/time.js';
import { recordedQuery, runOf } from './approval-queries.js';

interface RecordedProps {
  readonly approvalId: string;
  readonly onClose: () => void;
}

/** What became of the answer that was just given: the event in the log, as soon as it stands there. */
export function Recorded({ approvalId, onClose }: RecordedProps): ReactElement {
  const { data: events, error } = useQuery(recordedQuery(approvalId));
  const event = events?.at(-1);
  const runId = runOf(approvalId);
  return (
    <div
      role="status"
      className="mb-3 flex items-start justify-between gap-2 rounded-md border border-line bg-surface p-2"
    >
      <p className="min-w-0 break-words">
        {error === null ? null : <span className="text-bad">{error.message} </span>}
        {event === undefined ? (
          'Your answer is stored. It stands in the log in a moment …'
        ) : (
          <>
            <span className="text-good">Recorded: </span>
            {seen(event.summary)} <Time at={event.recordedAt} />,{' '}
            <Link
              to="/runs/$runId"
              params={{ runId }}
              search={{ tab: 'events', event: event.version }}
              className="text-accent underline"
            >
              event {event.version} of run {runId.slice(0, 8)}
            </Link>
            .
          </>
        )}
      </p>
      <Button kind="quiet" aria-label="Close this note" onClick={onClose}>
        ✕
      </Button>
    </div>
  );
}
