import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { api, type Schemas } from '../../../api/api.js';
import { Confirm } from '../../../parts/confirm.js';
import { seen } from '../../../parts/plain-text.js';
import { Text } from '../../../parts/text.js';
import { Time } from '../../../parts/time.js';

interface DeadLetterProps {
  readonly letter: Schemas['DeadLetterView'];
  readonly mayRequeue: boolean;
  /** It is not among those that are put aside any more. */
  readonly onRequeued: () => void;
}

/** A message that was put aside: why, what of, and the way back. */
export function DeadLetter({ letter, mayRequeue, onRequeued }: DeadLetterProps): ReactElement {
  const { id, at, source, name, reason, message, runId, isCut, isRefused, requeuedAt, requeuedBy } = letter;
  return (
    <article aria-label={`Dead letter ${id}`} className="rounded-md border border-line bg-surface p-3">
      <header className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <h2 className="font-semibold">
          {seen(name)} of {source}
        </h2>
        <span className="text-quiet">
          <Time at={at} />
        </span>
        {runId === undefined ? null : (
          <Link to="/runs/$runId" params={{ runId }} className="text-accent hover:underline">
            run {runId.slice(0, 8)}
          </Link>
        )}
        <span className="flex-1" />
        {requeuedAt === undefined && isRefused !== true && mayRequeue ? (
          <Confirm
            label="Take up again"
            title={`Take up dead letter ${id} again?`}
            act={async (key) => {
              await api().post('/v1/dead-letters/{id}/requeue', {
                params: { path: { id: String(id) }, header: { 'Idempotency-Key': key } },
              });
              return undefined;
            }}
            onDone={onRequeued}
          >
            It is put back into {source}, as it came. Do so once the reason is gone: {seen(reason)}
          </Confirm>
        ) : null}
        {requeuedAt === undefined ? null : (
          <span className="text-quiet">
            taken up again <Time at={requeuedAt} />
            {requeuedBy === undefined ? '' : ` by ${seen(requeuedBy.id)}`}
          </span>
        )}
      </header>
      <p className="my-2 break-words whitespace-pre-wrap">{seen(reason)}</p>
      <details>
        <summary className="cursor-pointer text-quiet">The message{isCut ? ', cut' : ''}</summary>
        <div className="mt-2">
          <Text text={message} label={`message of dead letter ${id}`} />
        </div>
      </details>
    </article>
  );
}
