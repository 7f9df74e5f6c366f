import type { ReactElement } from 'react';
import { type Connection, useConnection } from '../api/live.js';

const SAID: Readonly<Record<Connection, readonly [string, string]>> = {
  live: ['Live', 'text-good'],
  connecting: ['Connecting …', 'text-quiet'],
  lost: ['Connection lost, trying again …', 'text-bad'],
  hidden: ['Paused', 'text-quiet'],
};

/** Whether what is shown keeps itself up to date. */
export function ConnectionBadge(): ReactElement {
  const connection = useConnection();
  const [text, colour] = SAID[connection];
  return (
    <span role="status" className={`whitespace-nowrap px-2 text-xs ${colour}`}>
      <span aria-hidden="true">● </span>
      {/* In a narrow window all is well where nothing is said. */}
      <span className={connection === 'live' ? 'max-sm:sr-only' : ''}>{text}</span>
    </span>
  );
}
