import { useMutation } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { api } from '../../../api/api.js';
import { Button } from '../../../parts/button.js';
import { Refused } from '../../../parts/refused.js';
import { countOf } from '../../../parts/spans.js';
import { Text } from '../../../parts/text.js';
import { Titled } from '../../../parts/titled.js';

interface ProveEventProps {
  readonly run: string | undefined;
  readonly event: number | undefined;
}

/** What shows others, without Baton, that an event is in the signed log. */
export function ProveEvent({ run, event }: ProveEventProps): ReactElement {
  const { mutate, data, error, isPending } = useMutation({
    mutationFn: () => api().get('/v1/audit/prove', { params: { query: { run: run ?? '', event: event ?? 0 } } }),
  });
  const isNamed = run !== undefined && event !== undefined;
  return (
    <Titled
      title="Prove an event"
      note={isNamed ? `Event ${event} of run ${run.slice(0, 8)}.` : 'Name a run and the number of an event above.'}
      actions={
        <span data-print="no">
          <Button disabled={isPending || !isNamed} onClick={() => mutate()}>
            Prove
          </Button>
        </span>
      }
    >
      <Refused error={error} />
      {data === undefined ? null : (
        <>
          <p className="mb-1">
            {data.event.type} at position {countOf(data.event.position)} is in the log that {data.origin} signed, by{' '}
            {countOf(data.inclusion.length)} hashes.
          </p>
          <Text label={`Proof of event ${data.event.version}`} text={JSON.stringify(data, null, 2)} />
        </>
      )}
    </Titled>
  );
}
