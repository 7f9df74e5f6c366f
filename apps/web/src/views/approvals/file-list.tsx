import { type ReactElement, useState } from 'react';
import { DiffView } from '../../parts/diff-view/diff-view.js';
import { seen } from '../../parts/plain-text.js';
import { Text } from '../../parts/text.js';
import type { FilePair } from './earlier.js';

interface FileListProps {
  readonly pairs: readonly FilePair[];
  readonly hasEarlier: boolean;
}

/** Files of two versions, each to be opened. */
export const FileList = ({ pairs, hasEarlier }: FileListProps): ReactElement => (
  <ul aria-label="Files" className="divide-y divide-line rounded-md border border-line">
    {pairs.map((pair) => (
      <li key={pair.path}>
        <FileOf pair={pair} hasEarlier={hasEarlier} />
      </li>
    ))}
  </ul>
);

const TONE = { new: 'text-good', deleted: 'text-bad', changed: 'text-busy', 'as before': 'text-quiet' } as const;

/** What is in a file is made only once somebody wants to see it. */
function FileOf({ pair, hasEarlier }: { readonly pair: FilePair; readonly hasEarlier: boolean }): ReactElement {
  const { path, kind, before, after } = pair;
  const [isOpen, setOpen] = useState(false);
  const isCompared = hasEarlier && kind !== 'as before' && kind !== 'new';
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="flex cursor-pointer justify-between gap-2 px-2 py-1 hover:bg-raised">
        <span className="min-w-0 break-all">{seen(path)}</span>
        <span className={`whitespace-nowrap ${TONE[kind]}`}>{hasEarlier ? kind : ''}</span>
      </summary>
      {isOpen ? (
        <div className="p-2">
          {isCompared ? (
            <DiffView label={`Changes of ${path}`} before={before} after={after} isSplit={false} />
          ) : (
            <Text text={after} label={path} />
          )}
        </div>
      ) : null}
    </details>
  );
}
