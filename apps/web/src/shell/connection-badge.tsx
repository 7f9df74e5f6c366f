import type { ReactElement } from 'react';
import { type Connection, useConnection } from '../api/live.js';

/** What is said, and how it looks; in a narrow window of a text in three parts the middle one is seen. */
const SAID: Readonly<Record<Connection, readonly [readonly [string, string, string], string]>> = {
  live: [['', 'Live', ''], 'text-good'],
  connecting: [['', 'Connecting …', ''], 'text-quiet'],
  lost: [['Connection ', 'lost', ', trying again …'], 'text-bad'],
  hidden: [['', 'Paused', ''], 'text-quiet'],
};

/** Whether what is shown keeps itself up to date. */
export function ConnectionBadge(): ReactElement {
  const [[before, text, after], colour] = SAID[useConnection()];
  return (
    <span role="status" className={`whitespace-nowrap px-2 text-xs ${colour}`}>
      <span aria-hidden="true">● </span>
      <span className="max-sm:sr-only">{before}</span>
      {text}
      <span className="max-sm:sr-only">{after}</span>
    </span>
  );
}
