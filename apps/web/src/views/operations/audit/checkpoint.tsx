import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { seen } from '../../../parts/plain-text.js';
import { Refused } from '../../../parts/refused.js';
import { countOf } from '../../../parts/spans.js';
import { Titled } from '../../../parts/titled.js';
import { checkpointQuery } from '../queries.js';

const WORDS = {
  running: ['The log goes on being signed.', 'text-good'],
  stopped: ['Signing has stopped.', 'text-bad'],
  off: ['The log is not signed.', 'text-warn'],
} as const;

/** The newest of the log that was signed and published. */
export function Checkpoint(): ReactElement {
  const { data, error } = useQuery(checkpointQuery);
  const [words, tone] = WORDS[data?.status ?? 'off'];
  return (
    <Titled title="Signed checkpoint">
      <Refused error={error} />
      {data === undefined ? null : (
        <>
          <p className={`font-medium ${tone}`}>
            {words} {data.problem === null ? '' : seen(data.problem)}
          </p>
          <p className="text-quiet">
            {data.waiting === 0 ? 'No event waits to be signed.' : `${countOf(data.waiting)} events wait to be signed.`}{' '}
            {data.where === null ? '' : `Published in ${seen(data.where)}.`}
          </p>
          {data.checkpoint === null ? null : (
            <pre className="mt-2 rounded border border-line bg-raised p-2 font-mono text-xs break-all whitespace-pre-wrap">
              {seen(data.checkpoint)}
            </pre>
          )}
          {data.key === null ? null : <p className="mt-1 text-xs break-all text-quiet">Its key: {seen(data.key)}</p>}
        </>
      )}
    </Titled>
  );
}
