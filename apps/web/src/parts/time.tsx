import { type ReactElement, useSyncExternalStore } from 'react';
import { usePreferences } from '../preferences/preferences.js';
import { agoOf } from './spans.js';

const LOCAL = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

/** One clock for all times of the page, which stands still while nobody sees it. */
let nowMs = Date.now();
const listeners = new Set<() => void>();
let ticking: ReturnType<typeof setInterval> | null = null;

function tick(): void {
  if (document.hidden) return;
  nowMs = Date.now();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  ticking ??= setInterval(tick, 1_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0 || ticking === null) return;
    clearInterval(ticking);
    ticking = null;
  };
}

/** Now, in milliseconds since the epoch, to the second. */
export const useNow = (): number => useSyncExternalStore(subscribe, () => nowMs);

const utcOf = (date: Date): string => `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`;

/** A time as its reader likes it; the others on hover. @param at ISO 8601 */
export function Time({ at }: { readonly at: string }): ReactElement {
  const { time } = usePreferences();
  const date = new Date(at);
  const absolute = `${LOCAL.format(date)} · ${utcOf(date)}`;
  return (
    <time dateTime={at} title={absolute} className="whitespace-nowrap">
      {time === 'relative' ? <Ago atMs={date.getTime()} /> : time === 'utc' ? utcOf(date) : LOCAL.format(date)}
    </time>
  );
}

const Ago = ({ atMs }: { readonly atMs: number }): string => agoOf(atMs, useNow());
