import { useVirtualizer } from '@tanstack/react-virtual';
import {
  type KeyboardEvent,
  type ReactElement,
  useDeferredValue,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
} from 'react';
import { type JsonLine, linesOf } from './json-lines.js';
import { JsonRow, ROW_PX } from './json-row.js';
import { searchJson } from './json-search.js';
import { JsonToolbar } from './json-toolbar.js';

interface JsonTreeProps {
  readonly value: unknown;
  /** What it is, for who cannot see where it stands. */
  readonly label: string;
  /** Levels that are open at first. */
  readonly levels?: number;
  /** Pointers of what is to be seen at once: they are marked, and what holds them is open. */
  readonly marked?: ReadonlySet<string>;
  /** Pointers of what holds them. */
  readonly open?: ReadonlySet<string>;
}

const NONE: ReadonlySet<string> = new Set();

/** Any JSON value: opened and closed, searched, copied from; as large as it may be. */
export function JsonTree({ value, label, levels = 2, marked = NONE, open = NONE }: JsonTreeProps): ReactElement {
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [byHand, setByHand] = useState<ReadonlyMap<string, boolean>>(new Map());
  const [chosen, setChosen] = useState('');
  const [text, setText] = useState('');
  const wanted = useDeferredValue(text);
  const search = useMemo(() => searchJson(value, wanted), [value, wanted]);
  const found = useMemo(() => new Set(search.found), [search]);
  const lines = useMemo(
    () => linesOf(value, { byHand, forSearch: new Set([...search.above, ...open]), levels }),
    [value, byHand, search, open, levels],
  );
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 20,
  });

  const choose = (pointer: string): void => {
    setChosen(pointer);
    const at = lines.findIndex((line) => line.pointer === pointer);
    if (at >= 0) rows.scrollToIndex(at);
  };
  const set = ({ pointer }: JsonLine, isOpen: boolean): void => setByHand(new Map(byHand).set(pointer, isOpen));

  const first = search.found[0];
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what is found moves what is seen
  useEffect(() => {
    if (first !== undefined) choose(first);
  }, [first, search]);

  const at = Math.max(
    0,
    lines.findIndex(({ pointer }) => pointer === chosen),
  );
  const line = lines[at];
  const keys = (event: KeyboardEvent): void => {
    const to = line === undefined ? null : keyed(event.key, lines, at, set);
    if (to === null) return;
    event.preventDefault();
    choose(lines[to]?.pointer ?? '');
  };
  return (
    <div className="rounded border border-line bg-surface">
      <JsonToolbar
        label={label}
        line={line}
        text={text}
        onText={(next) => {
          setText(next);
          setByHand(new Map());
        }}
        found={search}
        chosen={chosen}
        onChoose={choose}
      />
      <div
        ref={scroller}
        role="tree"
        aria-label={label}
        tabIndex={0}
        {...(line === undefined ? {} : { 'aria-activedescendant': `${id}${line.pointer}` })}
        onKeyDown={keys}
        className="max-h-[60vh] overflow-auto p-1 font-mono text-xs"
      >
        <div role="presentation" className="relative" style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map(({ index, start }) => {
            const each = lines[index];
            return each === undefined ? null : (
              <JsonRow
                key={each.pointer}
                id={`${id}${each.pointer}`}
                line={each}
                top={start}
                isChosen={each === line}
                isFound={found.has(each.pointer)}
                isMarked={marked.has(each.pointer)}
                onChoose={() => setChosen(each.pointer)}
                onToggle={() => set(each, !each.isOpen)}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

/** The keys of a tree. @returns the line to go to; null where the key means nothing here */
function keyed(
  key: string,
  lines: readonly JsonLine[],
  at: number,
  set: (line: JsonLine, isOpen: boolean) => void,
): number | null {
  const line = lines[at];
  if (line === undefined) return null;
  const isHolder = line.size !== null && line.size > 0;
  switch (key) {
    case 'ArrowDown':
      return Math.min(at + 1, lines.length - 1);
    case 'ArrowUp':
      return Math.max(at - 1, 0);
    case 'Home':
      return 0;
    case 'End':
      return lines.length - 1;
    case 'ArrowRight':
      if (line.isOpen) return at + 1;
      if (isHolder) set(line, true);
      return at;
    case 'ArrowLeft':
      if (!line.isOpen) return Math.max(0, parentOf(lines, at));
      set(line, false);
      return at;
    case 'Enter':
    case ' ':
      if (isHolder) set(line, !line.isOpen);
      return at;
    default:
      return null;
  }
}

function parentOf(lines: readonly JsonLine[], at: number): number {
  const pointer = lines[at]?.holder?.pointer;
  return pointer === undefined ? at : lines.findLastIndex((line, above) => above < at && line.pointer === pointer);
}
