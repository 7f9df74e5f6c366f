import { MOST_LISTS, type SavedList } from '../../preferences/saved-list.js';
import { isSameFilter, type RunsFilter, RunsSearch } from './runs-search.js';

/** A list that somebody gave a name. */
export interface NamedFilter {
  readonly name: string;
  readonly filter: RunsFilter;
}

/** Those that are kept, as far as they are understood: another version may have written them. */
export const namedFilters = (lists: readonly SavedList[]): readonly NamedFilter[] =>
  lists.flatMap(({ name, search }) => {
    const parsed = RunsSearch.safeParse(search);
    if (!parsed.success) return [];
    const { view: _, ...filter } = parsed.data;
    return [{ name, filter }];
  });

/** The one that is shown, where it is one. */
export const nameOf = (filter: RunsFilter, lists: readonly NamedFilter[]): string | undefined =>
  lists.find((list) => isSameFilter(list.filter, filter))?.name;

/** With one more, which takes the place of another of that name. */
export const withList = (lists: readonly SavedList[], name: string, filter: RunsFilter): readonly SavedList[] => [
  ...withoutList(lists, name).slice(1 - MOST_LISTS),
  { name, search: Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)) },
];

export const withoutList = (lists: readonly SavedList[], name: string): readonly SavedList[] =>
  lists.filter((list) => list.name !== name);
