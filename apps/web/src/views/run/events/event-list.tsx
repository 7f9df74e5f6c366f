import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactElement, useEffect, useId, useRef, useState, useSyncExternalStore } from 'react';
import { Button } from '../../../parts/button.js';
import { countOf } from '../../../parts/spans.js';
import type { RunEvent } from '../run-events.js';
import { EventRow, ROW_PX } from './event-row.js';
import type { Lens } from './lens.js';

interface EventListProps {
  readonly events: readonly RunEvent[];
  readonly stateOf: (event: RunEvent) => string | undefined;
  readonly lens: Lens;
  readonly chosen: number | undefined;
  /** Whether what comes is followed until the reader goes elsewhere. */
  readonly isGrowing: boolean;
  /** Whether all of the log has been read that there was. */
  readonly isWhole: boolean;
  readonly onChoose: (version: number) => void;
  readonly onOpen: () => void;
}

const wide = window.matchMedia('(min-width: 48rem)');
const subscribe = (listener: () => void): (() => void) => {
  wide.addEventListener('change', listener);
  return () => wide.removeEventListener('change', listener);
};

/** So near the end one reads the end. */
const NEAR_PX = 40;

/** Events of a log, as many as there are. */
export function EventList(props: EventListProps): ReactElement {
  const { events, stateOf, lens, chosen, isGrowing, isWhole, onChoose, onOpen } = props;
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const height = useSyncExternalStore(subscribe, () => wide.matches) ? ROW_PX.wide : ROW_PX.narrow;
  const rows = useVirtualizer({
    count: events.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 20,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows of another height are measured anew
  useEffect(() => rows.measure(), [height]);

  const follow = useFollow(isGrowing && chosen === undefined, isWhole, events, () => {
    if (events.length > 0) rows.scrollToIndex(events.length - 1, { align: 'end' });
  });
  const at = events.findIndex(({ version }) => version === chosen);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a choice moves what is seen, and so does a log that reaches it
  useEffect(() => {
    if (at >= 0) rows.scrollToIndex(at);
  }, [chosen, at >= 0]);

  const keys = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && at >= 0) onOpen();
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: events.length - 1 }[event.key];
    const next = to === undefined ? undefined : events[to];
    if (next === undefined) return;
    event.preventDefault();
    onChoose(next.version);
  };
  const scrolled = (): void => {
    const box = scroller.current;
    if (box !== null) follow.moved(box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_PX);
  };
  return (
    <div className="relative min-w-0">
      <div
        ref={scroller}
        role="listbox"
        aria-label="Events"
        tabIndex={0}
        {...(at < 0 ? {} : { 'aria-activedescendant': `${id}-${chosen}` })}
        onKeyDown={keys}
        onScroll={scrolled}
        className="h-[62vh] overflow-auto rounded border border-line bg-surface"
      >
        <div role="presentation" className="relative" style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map(({ index, start }) => {
            const event = events[index];
            return event === undefined ? null : (
              <EventRow
                key={event.version}
                id={`${id}-${event.version}`}
                event={event}
                before={events[index - 1]}
                state={stateOf(event)}
                lens={lens}
                isChosen={event.version === chosen}
                top={start}
                height={height}
                onChoose={() => onChoose(event.version)}
              />
            );
          })}
        </div>
      </div>
      {follow.unseen > 0 ? (
        <Button kind="main" className="absolute right-4 bottom-3 text-xs shadow" onClick={follow.again}>
          {countOf(follow.unseen)} new
        </Button>
      ) : null}
    </div>
  );
}

/**
 * Stays at the end of what grows until the reader leaves it, and counts what comes from then on. What is new is told by its
 * version: another lens shows other events, and a log that is still being read has none.
 */
function useFollow(isGrowing: boolean, isWhole: boolean, events: readonly RunEvent[], toEnd: () => void) {
  const last = events.at(-1)?.version ?? 0;
  const [isAtEnd, setAtEnd] = useState(isGrowing);
  const [read, setRead] = useState(last);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what comes moves what is seen
  useEffect(() => {
    if (isAtEnd && isGrowing) toEnd();
    if (isAtEnd || !isWhole) setRead((before) => Math.max(before, last));
  }, [last, isAtEnd, isWhole]);
  return {
    unseen: isAtEnd || !isWhole || last <= read ? 0 : events.filter(({ version }) => version > read).length,
    moved: (isEnd: boolean): void => setAtEnd(isEnd),
    again: (): void => {
      setAtEnd(true);
      toEnd();
    },
  };
}
