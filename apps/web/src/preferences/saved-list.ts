/** A list of runs that was given a name, and what stands in the address for it. */
export interface SavedList {
  readonly name: string;
  readonly search: Readonly<Record<string, unknown>>;
}

/** So many names fit beside each other, and somebody may still look for one. */
export const MOST_LISTS = 20;

export const isSavedList = (value: unknown): value is SavedList =>
  typeof value === 'object' &&
  value !== null &&
  'name' in value &&
  typeof value.name === 'string' &&
  'search' in value &&
  typeof value.search === 'object' &&
  value.search !== null;
