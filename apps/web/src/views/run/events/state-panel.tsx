import { type ReactElement, useMemo } from 'react';
import { aboveOf } from '../../../parts/json-tree/json-lines.js';
import { JsonTree } from '../../../parts/json-tree/json-tree.js';
import { seen } from '../../../parts/plain-text.js';
import { Skeleton } from '../../../parts/skeleton.js';
import { countOf } from '../../../parts/spans.js';
import { Status } from '../../../parts/status.js';
import { Problem } from '../../../shell/problem.js';
import { type Changes, changesBetween } from './state-changes.js';
import { partsOf, pendingOf, type StateParts } from './state-parts.js';
import { useSettled, useStateAt } from './use-state-at.js';

interface StatePanelProps {
  readonly runId: string;
  /** Version of the event after which it was so. */
  readonly version: number;
}

const NONE: Changes = { changes: [], isCut: false };

/** The whole state of the run after an event, and what that event made different. */
export function StatePanel({ runId, version }: StatePanelProps): ReactElement {
  const { after, before } = useStateAt(runId, useSettled(version));
  const state = after.data?.state;
  const was = before?.state;
  const { changes, isCut } = useMemo(() => (was === undefined ? NONE : changesBetween(was, state)), [was, state]);
  const marked = useMemo(
    () => new Set(changes.flatMap(({ kind, pointer }) => (kind === 'removed' ? [] : [pointer]))),
    [changes],
  );
  const open = useMemo(() => new Set([...marked].flatMap(aboveOf)), [marked]);
  if (after.error !== null) return <Problem error={after.error} />;
  if (after.data === undefined) return <Skeleton />;
  const parts = partsOf(state);
  return (
    <div className={`space-y-3 ${after.isPlaceholderData || after.data.at !== version ? 'opacity-60' : ''}`}>
      {parts === null ? null : <Facts parts={parts} />}
      <section aria-label="What this event changed">
        <h3 className="font-medium">{after.data.at > 1 ? 'Changed by this event' : 'The first state of the run'}</h3>
        <ul className="max-h-40 overflow-auto text-xs">
          {changes.map(({ kind, pointer, text }) => (
            <li key={`${kind}${pointer}`} className="break-words">
              <span aria-hidden="true" className="inline-block w-4 text-quiet">
                {SIGNS[kind]}
              </span>
              {seen(text)}
            </li>
          ))}
        </ul>
        {isCut ? <p className="text-xs text-quiet">These are the first {countOf(changes.length)} changes.</p> : null}
      </section>
      <JsonTree value={state} label={`State after event ${after.data.at}`} levels={1} marked={marked} open={open} />
    </div>
  );
}

const SIGNS = { added: '+', removed: '−', changed: '~' } as const;

function Facts({ parts }: { readonly parts: StateParts }): ReactElement {
  const { status, phase, isPaused, visits, frames } = parts;
  const pending = pendingOf(parts);
  const variables = new Set(frames.flatMap((frame) => Object.keys(frame.variables)));
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-3 gap-y-1 text-xs [&>dt]:text-quiet">
      <dt>Run</dt>
      <dd>
        <Status status={isPaused ? 'paused' : status} /> {phase === null ? '' : `phase ${seen(phase)}`}
      </dd>
      <dt>In the states</dt>
      <dd>{visits.length === 0 ? 'none' : seen(visits.map(({ state }) => state).join(', '))}</dd>
      <dt>Under way</dt>
      <dd>{pending.length === 0 ? 'nothing' : pending.map(({ id, text }) => <div key={id}>{seen(text)}</div>)}</dd>
      <dt>Variables</dt>
      <dd className="break-words">{variables.size === 0 ? 'none' : seen([...variables].sort().join(', '))}</dd>
    </dl>
  );
}
