import { getRouteApi } from '@tanstack/react-router';

const route = getRouteApi('/shell/runs/$runId');

type Search = ReturnType<typeof route.useSearch>;

interface CodeSearch {
  readonly search: Search;
  /** Each look is a step that the browser goes back to; `isTyped` for what changes with every key. */
  readonly look: (at: Partial<Search>, isTyped?: boolean) => void;
}

/** What of plan and code is looked at stands in the address. */
export function useCodeSearch(): CodeSearch {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  return {
    search,
    look: (at, isTyped = false) =>
      void navigate({ search: (before) => ({ ...before, ...at }), replace: isTyped, resetScroll: false }),
  };
}
