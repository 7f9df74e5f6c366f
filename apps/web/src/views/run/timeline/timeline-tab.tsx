import { getRouteApi } from '@tanstack/react-router';
import { type ReactElement, useDeferredValue, useMemo, useState } from 'react';
import { Nothing } from '../../../parts/nothing.js';
import { Skeleton } from '../../../parts/skeleton.js';
import { countOf } from '../../../parts/spans.js';
import { useNow } from '../../../parts/time.js';
import { Problem } from '../../../shell/problem.js';
import { useRunEvents } from '../run-events.js';
import type { TabProps } from '../run-tabs.js';
import { deliveriesOf } from '../story/deliveries.js';
import { tellStory } from '../story/tell-story.js';
import { AttemptPanel } from './attempt-panel.js';
import { busyOf } from './busy.js';
import { foldGaps } from './fold-gaps.js';
import { Legend } from './legend.js';
import { RowList } from './row-list.js';
import { type AttemptRow, isAt, type Row, rowsOf } from './rows.js';
import { useChildren } from './use-children.js';

const route = getRouteApi('/shell/runs/$runId');

/** Every attempt of a run in time, and at the side the one that is looked at. */
export function TimelineTab({ run }: TabProps): ReactElement {
  const { event, state } = route.useSearch();
  const navigate = route.useNavigate();
  const { data, error } = useRunEvents(run.runId);
  const [toggled, setToggled] = useState<ReadonlyMap<string, boolean>>(new Map());
  const [opened, setOpened] = useState<readonly string[]>([]);
  const children = useChildren(opened);
  const events = useDeferredValue(data?.events);
  const story = useMemo(() => tellStory(events ?? []), [events]);
  const deliveries = useMemo(() => deliveriesOf(run), [run]);
  const titles = useMemo(() => new Map(run.steps.map((step) => [step.state, step.title])), [run.steps]);
  const rows = useMemo(
    () => rowsOf(story, { titleOf: (name) => titles.get(name) ?? name, toggled, event, children }),
    [story, titles, toggled, event, children],
  );
  const isRunning = run.endedAt === null;
  const now = useNow();
  const nowMs = isRunning ? Math.max(now, story.lastMs ?? 0) : (story.lastMs ?? now);
  const scale = useMemo(
    () => foldGaps(busyOf(story, nowMs), { fromMs: story.firstMs ?? nowMs, toMs: nowMs }),
    [story, nowMs],
  );
  if (error !== null && data === undefined) return <Problem error={error} />;
  if (data === undefined) return <Skeleton lines={8} />;
  const selected = selectedRow(rows, event, state);
  const look = (at: AttemptRow | null): void =>
    void navigate({
      search: (before) => ({ ...before, event: at?.attempt.version, state: at?.attempt.state }),
      replace: true,
      resetScroll: false,
    });
  const lookInChild = ({ attempt }: AttemptRow, runId: string): void =>
    void navigate({ to: '/runs/$runId', params: { runId }, search: { event: attempt.version, state: attempt.state } });
  const open = ({ attempt: { commandId } }: AttemptRow): void =>
    setOpened((before) =>
      before.includes(commandId) ? before.filter((each) => each !== commandId) : [...before, commandId],
    );
  const choose = (row: Row): void => {
    if (row.is === 'group') setToggled((before) => new Map(before).set(row.key, !row.isOpen));
    else if (row.inRun !== null) lookInChild(row, row.inRun);
    else look(row.key === selected?.key ? null : row);
  };
  if (rows.length === 0) {
    return (
      <Nothing title={isRunning ? 'Nothing has taken time yet.' : 'Nothing in this run took time.'}>
        The events of the run tell what there was.
      </Nothing>
    );
  }
  return (
    <>
      <Legend isWhole={data.isWhole} instantVisits={story.instantVisits} attempts={story.attempts.length} />
      <div className="flex items-start gap-3">
        <RowList
          rows={rows}
          scale={scale}
          nowMs={nowMs}
          isRunning={isRunning}
          deliveries={deliveries}
          selected={selected?.key ?? null}
          onChoose={choose}
          onOpen={open}
        />
        {selected === null ? null : (
          <AttemptPanel
            key={selected.key}
            run={run}
            row={selected}
            events={data.events}
            deliveries={deliveries.get(selected.attempt.commandId)}
            nowMs={nowMs}
            onClose={() => look(null)}
          />
        )}
      </div>
      {data.isWhole ? null : (
        <p role="status" className="mt-2 text-quiet">
          {countOf(data.events.length)} of {countOf(run.version)} events are here, the others are coming …
        </p>
      )}
    </>
  );
}

/** By the event that the address names, otherwise the last of the state that it names. */
function selectedRow(rows: readonly Row[], event: number | undefined, state: string | undefined): AttemptRow | null {
  const attempts = rows.filter((row) => row.is === 'attempt').filter(({ inRun }) => inRun === null);
  if (event !== undefined) return attempts.find(({ attempt }) => isAt(attempt, event)) ?? null;
  if (state === undefined) return null;
  return attempts.findLast(({ attempt }) => attempt.state === state) ?? null;
}
