import type { ReactElement } from 'react';
import { Button } from '../../../parts/button.js';
import { CopyButton } from '../../../parts/copy-button.js';
import { JsonTree } from '../../../parts/json-tree/json-tree.js';
import { seen } from '../../../parts/plain-text.js';
import { Time } from '../../../parts/time.js';
import type { RunEvent } from '../run-events.js';
import type { Cause } from './causes.js';
import { StatePanel } from './state-panel.js';
import { curlCommand, replayCommand } from './take-away.js';

type Shown = 'event' | 'state';

interface EventPanelProps {
  readonly event: RunEvent;
  readonly cause: Cause;
  readonly state: string | undefined;
  readonly shown: Shown;
  readonly onShow: (shown: Shown) => void;
  readonly onGo: (version: number) => void;
  /** Where it is absent nothing is offered. */
  readonly onFork?: ((version: number) => void) | undefined;
}

/** One event, whole, or the state of the run after it. */
export function EventPanel(props: EventPanelProps): ReactElement {
  const { event, shown, onShow, onFork } = props;
  const { runId, version } = event;
  return (
    <section aria-label={`Event ${version}`} className="min-w-0 space-y-2">
      <div className="flex flex-wrap items-center gap-1">
        <h2 className="mr-2 font-semibold">
          {version} · {seen(event.type)}
        </h2>
        <Button
          kind="quiet"
          aria-pressed={shown === 'event'}
          className={shown === 'event' ? 'bg-raised' : ''}
          onClick={() => onShow('event')}
        >
          Event
        </Button>
        <Button
          kind="quiet"
          aria-pressed={shown === 'state'}
          className={shown === 'state' ? 'bg-raised' : ''}
          onClick={() => onShow('state')}
        >
          State after it
        </Button>
        {onFork === undefined ? null : <Button onClick={() => onFork(version)}>Fork here</Button>}
      </div>
      <div className="flex flex-wrap">
        <CopyButton kind="quiet" className="text-xs text-quiet" text={() => linkTo(version)}>
          Copy link
        </CopyButton>
        <CopyButton kind="quiet" className="text-xs text-quiet" text={() => replayCommand(runId, version)}>
          Copy baton replay
        </CopyButton>
        <CopyButton kind="quiet" className="text-xs text-quiet" text={() => curlCommand(runId, version)}>
          Copy curl
        </CopyButton>
      </div>
      {shown === 'state' ? <StatePanel runId={runId} version={version} /> : <Whole {...props} />}
    </section>
  );
}

/** The address of this event alone, without the filter that led to it. */
function linkTo(version: number): string {
  const url = new URL(window.location.href);
  url.search = `?tab=events&lens=all&event=${version}`;
  return url.href;
}

function Whole({ event, cause, state, onGo }: EventPanelProps): ReactElement {
  return (
    <>
      <p className="break-words">{seen(event.summary)}</p>
      <dl className="grid grid-cols-[auto_1fr] gap-x-3 gap-y-1 text-xs [&>dd]:break-words [&>dt]:text-quiet">
        <dt>Recorded</dt>
        <dd>
          <Time at={event.recordedAt} /> <span className="text-quiet">{event.recordedAt}</span>
        </dd>
        <dt>By</dt>
        <dd>{seen(`${event.actor.type} ${event.actor.id}`)}</dd>
        {state === undefined ? null : (
          <>
            <dt>State</dt>
            <dd>{seen(state)}</dd>
          </>
        )}
        <dt>Caused by</dt>
        <dd>
          {cause.kind === 'event' ? (
            <button type="button" className="text-accent underline" onClick={() => onGo(cause.version)}>
              event {cause.version}
            </button>
          ) : cause.kind === 'message' ? (
            `message ${seen(cause.id)}`
          ) : (
            'nothing on record'
          )}
        </dd>
        <dt>Position in the log</dt>
        <dd>{event.position}</dd>
      </dl>
      <JsonTree key={event.eventId} value={event} label={`Event ${event.version}, raw`} levels={3} />
    </>
  );
}
