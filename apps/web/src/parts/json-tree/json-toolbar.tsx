import { type ReactElement, useState } from 'react';
import { Button } from '../button.js';
import { CopyButton } from '../copy-button.js';
import { Dialog } from '../dialog.js';
import { beginningOf, seen } from '../plain-text.js';
import { countOf } from '../spans.js';
import { Text } from '../text.js';
import { type JsonLine, pathOf } from './json-lines.js';
import type { JsonFound } from './json-search.js';
import { SHORT } from './json-value.js';

interface JsonToolbarProps {
  readonly label: string;
  /** The one that is chosen. */
  readonly line: JsonLine | undefined;
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly found: JsonFound;
  readonly chosen: string;
  readonly onChoose: (pointer: string) => void;
}

const written = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value, null, 2));

/** Search, and what can be done with the line that is chosen. */
export function JsonToolbar(props: JsonToolbarProps): ReactElement {
  const { label, line, text, onText, found, chosen, onChoose } = props;
  const [isWhole, setWhole] = useState(false);
  const at = found.found.indexOf(chosen);
  const step = (by: number): void => {
    const next = found.found[(at + by + found.found.length) % found.found.length];
    if (next !== undefined) onChoose(next);
  };
  const path = line === undefined ? '$' : pathOf(line);
  const isLong = typeof line?.value === 'string' && line.value.length > SHORT;
  return (
    <div className="flex flex-wrap items-center gap-x-1 border-b border-line px-1 py-0.5 text-xs">
      <input
        type="search"
        aria-label={`Search in ${label}`}
        placeholder="Search"
        value={text}
        onChange={({ target }) => onText(target.value)}
        onKeyDown={({ key, shiftKey }) => (key === 'Enter' ? step(shiftKey ? -1 : 1) : undefined)}
        className="w-32 rounded border border-line bg-surface px-1.5 py-0.5"
      />
      {text.trim() === '' ? null : (
        <span className="flex items-center text-quiet">
          <span role="status" className="px-1">
            {found.found.length === 0
              ? 'Not found'
              : `${at + 1} of ${countOf(found.found.length)}${found.isCut ? ' and more' : ''}`}
          </span>
          <Button kind="quiet" aria-label="The one before" onClick={() => step(-1)}>
            ↑
          </Button>
          <Button kind="quiet" aria-label="The next one" onClick={() => step(1)}>
            ↓
          </Button>
        </span>
      )}
      <code className="min-w-0 flex-1 truncate px-1 text-quiet" title={seen(beginningOf(path, 400).text)}>
        {seen(beginningOf(path, 200).text)}
      </code>
      {isLong ? (
        <Button kind="quiet" className="text-xs text-quiet" onClick={() => setWhole(true)}>
          Show whole text
        </Button>
      ) : null}
      <CopyButton kind="quiet" className="text-xs text-quiet" text={() => path}>
        Copy path
      </CopyButton>
      <CopyButton kind="quiet" className="text-xs text-quiet" text={() => written(line?.value)}>
        Copy value
      </CopyButton>
      {typeof line?.value === 'string' ? (
        <Dialog title={seen(beginningOf(path, 200).text)} isOpen={isWhole} onClose={() => setWhole(false)} isWide>
          <Text text={line.value} label={`Text of ${path}`} />
        </Dialog>
      ) : null}
    </div>
  );
}
