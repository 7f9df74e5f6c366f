import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { api } from '../../../api/api.js';
import { CopyButton } from '../../../parts/copy-button.js';
import { Refused } from '../../../parts/refused.js';
import { countOf } from '../../../parts/spans.js';
import { Card } from './card.js';

const SAID = {
  running: 'The log goes on being signed.',
  stopped: 'The log is not the one that was signed: nothing is signed any more.',
  off: 'The log is not signed: BATON_CHECKPOINTS is off.',
} as const;

export function CheckpointCard(): ReactElement {
  const { data, error } = useQuery({
    queryKey: ['live', 'checkpoint'],
    queryFn: ({ signal }) => api().get('/v1/audit/checkpoint', { signal }),
  });
  const note = data?.checkpoint ?? null;
  return (
    <Card
      title="Signed checkpoint"
      action={note === null ? null : <CopyButton text={() => note}>Copy the note</CopyButton>}
    >
      <Refused error={error} />
      {data === undefined ? null : (
        <>
          <p className={data.status === 'stopped' ? 'text-bad' : ''}>{SAID[data.status]}</p>
          {data.problem === null ? null : <p className="text-bad">{data.problem}</p>}
          <dl className="mt-2 grid grid-cols-[max-content_1fr] gap-x-4 gap-y-1">
            <dt className="text-quiet">Not covered yet</dt>
            <dd>{countOf(data.waiting)} events</dd>
            <dt className="text-quiet">Published in</dt>
            <dd className="break-all">{data.where ?? 'no place'}</dd>
            <dt className="text-quiet">Public key</dt>
            <dd className="font-mono text-xs break-all">{data.key ?? 'none yet'}</dd>
          </dl>
          {data.checkpoint === null ? null : (
            <pre className="mt-2 rounded bg-raised p-2 font-mono text-xs break-all whitespace-pre-wrap">
              {data.checkpoint}
            </pre>
          )}
        </>
      )}
    </Card>
  );
}
