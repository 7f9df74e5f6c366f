import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { type ReactElement, useCallback, useState } from 'react';
import { mayDo, sessionQuery } from '../../api/session.js';
import { Button } from '../../parts/button.js';
import { useKeys } from '../../parts/keys.js';
import { usePageTitle } from '../../parts/page-title.js';
import { Skeleton } from '../../parts/skeleton.js';
import { countOf } from '../../parts/spans.js';
import { Problem } from '../../shell/problem.js';
import type { BulkAction } from './bulk-action.js';
import { BulkDialog } from './bulk-dialog.js';
import { RunsGrid } from './grid/runs-grid.js';
import type { Run } from './merged-runs.js';
import { NoRuns } from './no-runs.js';
import { RunsFilters } from './runs-filters.js';
import { presetOf, type RunsFilter } from './runs-search.js';
import { RunsTable } from './runs-table.js';
import { useListControls } from './use-list-controls.js';
import { useRuns } from './use-runs.js';

const route = getRouteApi('/shell/');

export function RunsView(): ReactElement {
  const { view, ...filter } = route.useSearch();
  const navigate = route.useNavigate();
  const { data: session } = useQuery(sessionQuery);
  const list = useRuns(filter);
  const filterKey = JSON.stringify(filter);
  const { runs, waiting, controls, release, move } = useListControls(list.runs, filterKey);
  const [selected, setSelected] = useState<ReadonlyMap<string, Run>>(new Map());
  const [action, setAction] = useState<BulkAction | null>(null);
  const mayAct = mayDo(session, 'operator');
  const { loadMore, isLoadingMore } = list;
  const needMore = useCallback(() => {
    if (!isLoadingMore) void loadMore();
  }, [loadMore, isLoadingMore]);

  const toggle = (runIds: readonly string[], isOn: boolean): void =>
    setSelected((before) => {
      const next = new Map(before);
      for (const run of runs.filter(({ runId }) => runIds.includes(runId))) {
        if (isOn) next.set(run.runId, run);
        else next.delete(run.runId);
      }
      return next;
    });
  usePageTitle(titleOf(filter, list.isLoading ? null : runs));
  useKeys('Runs', [
    { keys: 'j', title: 'Next run', run: () => move(1) },
    { keys: 'k', title: 'Run before', run: () => move(-1) },
    {
      keys: 'enter',
      title: 'Open the run',
      run: () => {
        if (controls.current !== null) void navigate({ to: '/runs/$runId', params: { runId: controls.current } });
      },
    },
    ...(mayAct
      ? [
          {
            keys: 'x',
            title: 'Select the run, or no longer',
            run: () => {
              if (controls.current !== null) toggle([controls.current], !selected.has(controls.current));
            },
          },
        ]
      : []),
    {
      keys: 'v',
      title: 'Table or grid',
      run: () => void navigate({ search: (before) => ({ ...before, view: view === 'grid' ? undefined : 'grid' }) }),
    },
  ]);

  const isEmpty = !list.isLoading && runs.length === 0 && !list.hasMore;
  // Of those that are still in the list, as they are now.
  const chosen = [...selected.values()].map((run) => list.runs.find(({ runId }) => runId === run.runId) ?? run);
  return (
    <>
      <h1 className="sr-only">Runs</h1>
      <RunsFilters filter={filter} />
      <div className="mb-2 flex min-h-8 flex-wrap items-center gap-2">
        <ViewSwitch view={view} />
        {waiting === 0 ? null : <Button onClick={release}>{countOf(waiting)} new</Button>}
        {chosen.length === 0 || !mayAct ? null : (
          <SelectionBar count={chosen.length} onAct={setAction} onClear={() => setSelected(new Map())} />
        )}
      </div>
      {list.isLoading ? <Loading error={list.error} /> : null}
      {isEmpty ? <NoRuns filter={filter} /> : null}
      {list.isLoading || isEmpty ? null : view === 'grid' ? (
        <RunsGrid runs={runs} workflow={filter.workflow} hasMore={list.hasMore} onNeedMore={needMore} />
      ) : (
        <RunsTable
          runs={runs}
          hasMore={list.hasMore}
          isOld={list.isOld}
          controls={controls}
          selection={mayAct ? { selected: new Set(selected.keys()), toggle } : null}
          onNeedMore={needMore}
          onLook={list.look}
        />
      )}
      {action === null ? null : (
        <BulkDialog
          action={action}
          runs={chosen}
          onClose={() => {
            setAction(null);
            setSelected(new Map());
          }}
        />
      )}
    </>
  );
}

const Loading = ({ error }: { readonly error: Error | null }): ReactElement =>
  error === null ? <Skeleton lines={12} /> : <Problem error={error} />;

interface SelectionBarProps {
  readonly count: number;
  readonly onAct: (action: BulkAction) => void;
  readonly onClear: () => void;
}

const SelectionBar = ({ count, onAct, onClear }: SelectionBarProps): ReactElement => (
  <div role="toolbar" aria-label="What to do with the selected runs" className="flex flex-wrap items-center gap-2">
    <span>{countOf(count)} selected</span>
    <Button kind="danger" onClick={() => onAct('cancel')}>
      Cancel …
    </Button>
    <Button onClick={() => onAct('retry')}>Retry …</Button>
    <Button kind="quiet" onClick={onClear}>
      Select none
    </Button>
  </div>
);

const ViewSwitch = ({ view }: { readonly view: 'grid' | undefined }): ReactElement => (
  <nav aria-label="How runs are shown" className="flex rounded border border-line">
    {(['Table', 'Grid'] as const).map((title) => {
      const value = title === 'Grid' ? ('grid' as const) : undefined;
      return (
        <Link
          key={title}
          to="/"
          search={(before: RunsFilter) => ({ ...before, view: value })}
          aria-current={value === view ? 'true' : undefined}
          className={`px-2.5 py-0.5 ${value === view ? 'bg-raised text-ink' : 'text-quiet hover:text-ink'}`}
        >
          {title}
        </Link>
      );
    })}
  </nav>
);

/** Which list it is, and what stands out in it. */
function titleOf(filter: RunsFilter, runs: readonly Run[] | null): string {
  const preset = presetOf(filter);
  const name = preset === undefined || preset === 'All' ? 'Runs' : preset;
  if (runs === null) return name;
  const running = runs.filter(({ status }) => status === 'running').length;
  return running === 0 ? name : `${name} (${countOf(running)} running)`;
}
