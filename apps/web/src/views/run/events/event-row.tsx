import type { ReactElement } from 'react';
import { beginningOf, seen } from '../../../parts/plain-text.js';
import { durationOf } from '../../../parts/spans.js';
import { Time } from '../../../parts/time.js';
import type { RunEvent } from '../run-events.js';
import type { Lens } from './lens.js';

/** A row is as high as any other, or a place in a long log could not be reckoned: one line, two on a narrow screen. */
export const ROW_PX = { wide: 28, narrow: 46 } as const;

interface EventRowProps {
  readonly id: string;
  readonly event: RunEvent;
  /** The one above it. */
  readonly before: RunEvent | undefined;
  readonly state: string | undefined;
  readonly lens: Lens;
  readonly isChosen: boolean;
  readonly top: number;
  readonly height: number;
  readonly onChoose: () => void;
}

const sinceOf = (event: RunEvent, before: RunEvent | undefined): string =>
  before === undefined ? '' : `+${durationOf(Date.parse(event.recordedAt) - Date.parse(before.recordedAt))}`;

export function EventRow(props: EventRowProps): ReactElement {
  const { id, event, before, state, lens, isChosen, top, height, onChoose } = props;
  const text = lens === 'json' ? JSON.stringify(event.data) : event.summary;
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus, and says which event is meant
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the list's
    <div
      id={id}
      role="option"
      aria-selected={isChosen}
      className={`absolute inset-x-0 grid grid-cols-[3.5rem_5.5rem_4.5rem_1fr] items-center gap-x-2 border-b border-line px-2 text-xs md:grid-cols-[3.5rem_6rem_5rem_minmax(9rem,13rem)_1fr_8rem] ${isChosen ? 'bg-raised' : 'hover:bg-raised'} ${toneOf(event.type)}`}
      style={{ top, height }}
      onClick={onChoose}
    >
      <span className="text-right text-quiet">{event.version}</span>
      <span className="truncate text-quiet">
        <Time at={event.recordedAt} />
      </span>
      <span className="truncate text-quiet">{sinceOf(event, before)}</span>
      <span className="truncate font-medium">
        {event.type}
        {state === undefined ? null : <span className="font-normal text-quiet"> {seen(state)}</span>}
      </span>
      <span className={`col-span-4 truncate md:col-span-1 ${lens === 'json' ? 'font-mono' : ''}`}>
        {seen(beginningOf(text, 400).text).replaceAll('\n', ' ')}
      </span>
      <span className="hidden truncate text-quiet md:block">{seen(event.actor.id)}</span>
    </div>
  );
}

/** What went wrong is seen while one scrolls past it. */
const toneOf = (type: string): string => (/Failed$|TimedOut$|Exhausted$/.test(type) ? 'text-bad' : '');
