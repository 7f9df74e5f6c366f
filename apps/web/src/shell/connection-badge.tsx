import type { ReactElement } from 'react';
import { type Connection, useConnection } from '../api/live.js';

/** What is said, the rest of it where there is room, and how it looks. */
const SAID: Readonly<Record<Connection, readonly [string, string, string]>> = {
  live: ['Live', '', 'text-good'],
  connecting: ['Connecting …', '', 'text-quiet'],
  lost: ['Connection lost', ', trying again …', 'text-bad'],
  hidden: ['Paused', '', 'text-quiet'],
};

/** Whether what is shown keeps itself up to date. */
export function ConnectionBadge(): ReactElement {
  const [text, rest, colour] = SAID[useConnection()];
  return (
    <span role="status" className={`whitespace-nowrap px-2 text-xs ${colour}`}>
      <span aria-hidden="true">● </span>
      {text}
      <span className="max-sm:sr-only">{rest}</span>
    </span>
  );
}
