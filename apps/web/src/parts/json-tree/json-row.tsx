import type { ReactElement } from 'react';
import { beginningOf, seen } from '../plain-text.js';
import type { JsonLine } from './json-lines.js';
import { JsonValue } from './json-value.js';

export const ROW_PX = 22;
const INDENT_PX = 14;
/** Deeper ones stand where these stand, or they would stand beside the screen. */
const MOST_INDENTS = 24;

interface JsonRowProps {
  readonly id: string;
  readonly line: JsonLine;
  readonly top: number;
  readonly isChosen: boolean;
  readonly isFound: boolean;
  readonly isMarked: boolean;
  readonly onChoose: () => void;
  readonly onToggle: () => void;
}

function groundOf({ isChosen, isFound, isMarked }: JsonRowProps): string {
  if (isChosen) return 'bg-raised outline outline-1 -outline-offset-1 outline-line';
  if (isFound) return 'bg-warn-soft';
  return isMarked ? 'bg-busy-soft' : 'hover:bg-raised';
}

export function JsonRow(props: JsonRowProps): ReactElement {
  const { id, line, top, isChosen, isMarked, onChoose, onToggle } = props;
  const { key, depth } = line;
  const isHolder = line.size !== null && line.size > 0;
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the tree has the focus, and says which line is meant
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the tree's
    <div
      id={id}
      role="treeitem"
      aria-level={depth + 1}
      aria-selected={isChosen}
      {...(isHolder ? { 'aria-expanded': line.isOpen } : {})}
      className={`absolute inset-x-0 flex items-center overflow-hidden whitespace-pre ${groundOf(props)}`}
      style={{
        top,
        height: ROW_PX,
        paddingLeft: 4 + Math.min(depth, MOST_INDENTS) * INDENT_PX,
      }}
      onClick={() => {
        onChoose();
        if (isHolder) onToggle();
      }}
    >
      <span aria-hidden="true" className="w-4 shrink-0 text-quiet">
        {isHolder ? (line.isOpen ? '▾' : '▸') : ''}
      </span>
      {key === null ? null : (
        <span className={typeof key === 'number' ? 'text-quiet' : 'font-medium'}>
          {seen(beginningOf(String(key), 80).text)}
          {': '}
        </span>
      )}
      <JsonValue line={line} />
      {isMarked ? <span className="ml-2 text-xs text-busy">changed</span> : null}
    </div>
  );
}
