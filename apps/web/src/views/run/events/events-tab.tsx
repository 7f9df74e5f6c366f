import { getRouteApi } from '@tanstack/react-router';
import { type ReactElement, useDeferredValue, useMemo, useRef, useState } from 'react';
import { useKeys } from '../../../parts/keys.js';
import { Nothing } from '../../../parts/nothing.js';
import { saveFile } from '../../../parts/save-file.js';
import { Skeleton } from '../../../parts/skeleton.js';
import { Problem } from '../../../shell/problem.js';
import { ForkDialog } from '../actions/fork-dialog.js';
import { useMayFork } from '../actions/use-may.js';
import { type RunEvent, useRunEvents } from '../run-events.js';
import type { TabProps } from '../run-tabs.js';
import { causeOf, causesIn } from './causes.js';
import { EventList } from './event-list.js';
import { EventPanel } from './event-panel.js';
import { FilterBar } from './filter-bar.js';
import { readLog, statesOf, typesIn, visitOf } from './lens.js';
import { LogSlider } from './log-slider.js';
import { jsonlOf } from './take-away.js';

const route = getRouteApi('/shell/runs/$runId');
const NONE: readonly RunEvent[] = [];

/** The log of a run: what happened, why, and how the run stood after each of it. */
export function EventsTab({ run }: TabProps): ReactElement {
  const { lens = 'story', type, find = '', event: chosen, beside = 'event' } = route.useSearch();
  const navigate = route.useNavigate();
  const { data, error } = useRunEvents(run.runId);
  const events = data?.events ?? NONE;
  const text = useDeferredValue(find);
  const { shown, hidden } = useMemo(() => readLog(events, { lens, type, text }), [events, lens, type, text]);
  const types = useMemo(() => typesIn(events), [events]);
  const states = useMemo(() => statesOf(events), [events]);
  const causes = useMemo(() => causesIn(events), [events]);
  const panel = useRef<HTMLDivElement>(null);
  const mayFork = useMayFork(run);
  const [forkAt, setForkAt] = useState<number | null>(null);

  const change = (search: Readonly<Record<string, unknown>>): void =>
    void navigate({ search: (before) => ({ ...before, ...search }), replace: true, resetScroll: false });
  const go = (version: number): void => change({ event: version });
  useNextByLetters(shown, chosen, go);

  if (data === undefined) return error === null ? <Skeleton lines={12} /> : <Problem error={error} />;
  const event = chosen === undefined ? undefined : events.find(({ version }) => version === chosen);
  const stateOf = (each: RunEvent): string | undefined => states.get(visitOf(each) ?? -1);
  return (
    <div className="space-y-2">
      <FilterBar
        lens={lens}
        type={type}
        find={find}
        types={types}
        hidden={hidden}
        shown={shown.length}
        onChange={change}
        onDownload={() => saveFile([jsonlOf(events)], `run-${run.runId}.jsonl`, 'application/jsonl')}
      />
      <LogSlider
        version={chosen ?? events.length}
        last={events.length}
        onGo={(version) => change({ event: version, beside: 'state' })}
      />
      <div className={event === undefined ? '' : 'grid gap-3 lg:grid-cols-[3fr_2fr]'}>
        {shown.length === 0 ? (
          <Nothing title="No event fits the filter">
            {hidden === 0
              ? 'Take the filter away to see all of them.'
              : 'Those that do are hidden by the story: choose All.'}
          </Nothing>
        ) : (
          <EventList
            events={shown}
            stateOf={stateOf}
            lens={lens}
            chosen={chosen}
            isGrowing={run.endedAt === null}
            isWhole={data.isWhole}
            onChoose={go}
            onOpen={() => panel.current?.focus()}
          />
        )}
        {event === undefined && chosen !== undefined && data.isWhole ? <NoEvent version={chosen} /> : null}
        {event === undefined ? null : (
          <div ref={panel} tabIndex={-1} className="min-w-0 outline-none">
            <EventPanel
              event={event}
              cause={causeOf(event, causes)}
              state={stateOf(event)}
              shown={beside}
              onShow={(next) => change({ beside: next })}
              onGo={go}
              onFork={mayFork ? setForkAt : undefined}
            />
          </div>
        )}
      </div>
      <ForkDialog
        run={run}
        isOpen={forkAt !== null}
        atVersion={forkAt ?? run.version}
        onClose={() => setForkAt(null)}
      />
    </div>
  );
}

const NoEvent = ({ version }: { readonly version: number }): ReactElement => (
  <Nothing title={`This run has no event ${version}.`} role="alert">
    Its log ends before. Choose one of those that there are.
  </Nothing>
);

/** j and k go through what is shown, wherever one is on the page and not typing. */
function useNextByLetters(shown: readonly RunEvent[], chosen: number | undefined, go: (version: number) => void): void {
  const to = (event: RunEvent | undefined): void => (event === undefined ? undefined : go(event.version));
  useKeys('Events of a run', [
    { keys: 'j', title: 'The next event', run: () => to(shown.find(({ version }) => version > (chosen ?? 0))) },
    {
      keys: 'k',
      title: 'The event before',
      run: () => to(shown.findLast(({ version }) => version < (chosen ?? Number.POSITIVE_INFINITY))),
    },
  ]);
}
