import { useSyncExternalStore } from 'react';
import { isSavedList, MOST_LISTS, type SavedList } from './saved-list.js';

/** What one person likes on one machine. What is looked at stands in the address instead. */
export interface Preferences {
  readonly theme: 'system' | 'light' | 'dark';
  readonly time: 'relative' | 'local' | 'utc';
  /** Lists of runs that were given a name: what stands in the address for each. */
  readonly lists: readonly SavedList[];
}

const KEY = 'baton.preferences';
const DEFAULTS: Preferences = { theme: 'system', time: 'relative', lists: [] };
const THEMES: readonly string[] = ['system', 'light', 'dark'];
const TIMES: readonly string[] = ['relative', 'local', 'utc'];

const isIn = <T extends string>(value: unknown, known: readonly string[]): value is T =>
  typeof value === 'string' && known.includes(value);

/** What stands in the store of the browser, as far as it is understood: another version may have written it. */
function preferencesIn(text: string | null): Preferences {
  const given: Record<string, unknown> = {};
  try {
    Object.assign(given, JSON.parse(text ?? '{}'));
  } catch {
    // Not ours: the defaults.
  }
  return {
    theme: isIn<Preferences['theme']>(given.theme, THEMES) ? given.theme : DEFAULTS.theme,
    time: isIn<Preferences['time']>(given.time, TIMES) ? given.time : DEFAULTS.time,
    lists: (Array.isArray(given.lists) ? given.lists : []).filter(isSavedList).slice(0, MOST_LISTS),
  };
}

let current = preferencesIn(stored());
const listeners = new Set<() => void>();
const dark = window.matchMedia('(prefers-color-scheme: dark)');

/** Null also where the browser keeps nothing for this page. */
function stored(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

type Theme = 'light' | 'dark';

const shownTheme = (): Theme =>
  current.theme === 'dark' || (current.theme === 'system' && dark.matches) ? 'dark' : 'light';

function show(): void {
  document.documentElement.dataset.theme = shownTheme();
}

show();
dark.addEventListener('change', () => {
  show();
  for (const listener of listeners) listener();
});

export function setPreferences(change: Partial<Preferences>): void {
  current = { ...current, ...change };
  try {
    localStorage.setItem(KEY, JSON.stringify(current));
  } catch {
    // They hold until the page is closed.
  }
  show();
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const usePreferences = (): Preferences => useSyncExternalStore(subscribe, () => current);

/** The theme that is seen, whether somebody chose it or the system has it: for what is drawn in its colours. */
export const useShownTheme = (): Theme => useSyncExternalStore(subscribe, shownTheme);

/** Where a day begins for whoever looks. */
export const useZone = (): 'local' | 'utc' => (usePreferences().time === 'utc' ? 'utc' : 'local');
