import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactElement, useEffect, useRef, useState } from 'react';
import type { Deliveries } from '../story/deliveries.js';
import { Axis, Backdrop } from './axis.js';
import type { Scale } from './fold-gaps.js';
import type { AttemptRow, Row } from './rows.js';
import { TimelineRow } from './timeline-row.js';

const ROW_PX = 28;
const AXIS_PX = 33;

interface RowListProps {
  readonly rows: readonly Row[];
  readonly scale: Scale;
  readonly nowMs: number;
  readonly isRunning: boolean;
  readonly deliveries: ReadonlyMap<string, Deliveries>;
  /** The key of the row that is looked at. */
  readonly selected: string | null;
  readonly onChoose: (row: Row) => void;
  /** Opens or closes a child run. */
  readonly onOpen: (row: AttemptRow) => void;
}

/** All rows, of which only those in sight are in the page. Up, down, Home and End go from row to row; left and right fold. */
export function RowList(props: RowListProps): ReactElement {
  const { rows, scale, nowMs, isRunning, deliveries, selected, onChoose, onOpen } = props;
  const place = useRef<HTMLDivElement>(null);
  const [stop, setStop] = useState(0);
  const [wanted, setWanted] = useState<number | null>(null);
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => place.current,
    estimateSize: () => ROW_PX,
    getItemKey: (index) => rows[index]?.key ?? index,
    scrollPaddingStart: AXIS_PX,
    overscan: 15,
  });
  const shown = list.getVirtualItems();
  const scrolledTo = useRef<string | null>(null);
  // Only when another one is looked at: rows that grow do not scroll.
  useEffect(() => {
    if (selected === scrolledTo.current) return;
    scrolledTo.current = selected;
    const at = rows.findIndex(({ key }) => key === selected);
    if (at < 0) return;
    setStop(at);
    list.scrollToIndex(at, { align: 'auto' });
  });
  // A row that was out of sight is there only after it was scrolled to.
  useEffect(() => {
    if (wanted === null) return;
    const button = place.current?.querySelector<HTMLElement>(`[data-index="${wanted}"] [data-row]`);
    if (button === null || button === undefined) return;
    button.focus({ preventScroll: true });
    setWanted(null);
  });
  const go = (index: number): void => {
    const to = Math.min(Math.max(index, 0), rows.length - 1);
    list.scrollToIndex(to, { align: 'auto' });
    setStop(to);
    setWanted(to);
  };
  const press = (event: KeyboardEvent, index: number, row: Row): void => {
    const steps: Readonly<Record<string, number>> = {
      ...{ ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: rows.length - 1 },
    };
    const to = steps[event.key];
    const folds = row.isOpen !== null && event.key === (row.isOpen ? 'ArrowLeft' : 'ArrowRight');
    if (to === undefined && !folds) return;
    event.preventDefault();
    if (to !== undefined) go(to);
    else if (row.is === 'group') onChoose(row);
    else onOpen(row);
  };
  const isStopShown = shown.some(({ index }) => index === stop);
  return (
    <div
      ref={place}
      className="[--label:clamp(8rem,34%,20rem)] max-h-[70vh] isolate min-w-0 flex-1 overflow-auto rounded-md border border-line bg-surface"
    >
      <div className="sticky top-0 z-10 grid grid-cols-[var(--label)_1fr] border-b border-line bg-surface pr-2">
        <span className="px-2 py-1 text-xs text-quiet">Since the beginning</span>
        <Axis scale={scale} />
      </div>
      <div className="relative" style={{ height: list.getTotalSize() }}>
        <Backdrop scale={scale} nowMs={isRunning ? nowMs : null} />
        <ul aria-label="Attempts" className="absolute inset-0">
          {shown.map(({ index, key, start }) => {
            const row = rows[index];
            return row === undefined ? null : (
              <li
                key={key}
                data-index={index}
                aria-setsize={rows.length}
                aria-posinset={index + 1}
                className="absolute inset-x-0 top-0"
                style={{ transform: `translateY(${start}px)` }}
              >
                <TimelineRow
                  row={row}
                  scale={scale}
                  nowMs={nowMs}
                  deliveries={deliveries}
                  isSelected={row.key === selected}
                  isTabStop={isStopShown ? index === stop : index === shown[0]?.index}
                  onChoose={() => {
                    setStop(index);
                    onChoose(row);
                  }}
                  onOpen={onOpen}
                  onKeyDown={(event) => press(event, index, row)}
                />
              </li>
            );
          })}
        </ul>
      </div>
    </div>
  );
}
