import { type ReactElement, useMemo } from 'react';
import { durationOf } from '../../../parts/spans.js';
import { useNow } from '../../../parts/time.js';
import { useRunEvents } from '../run-events.js';
import type { TabProps } from '../run-tabs.js';
import { deliveriesOf, takenMs } from '../story/deliveries.js';
import { PARTS, type Part, splitElapsed } from '../story/split-elapsed.js';
import { tellStory } from '../story/tell-story.js';

/** A longer log is not asked for only to say this: the timeline does, and then it is told here, too. */
const MOST_EVENTS = 5_000;

const LOOKS: Readonly<Record<Part, { readonly name: string; readonly className: string }>> = {
  work: { name: 'work', className: 'bg-busy' },
  queue: { name: 'queue', className: 'bg-busy opacity-40' },
  people: { name: 'people', className: 'bg-warn' },
  wait: { name: 'signals and clocks', className: 'bg-quiet' },
  paused: { name: 'standing still', className: 'bg-quiet opacity-60' },
  rest: { name: 'between', className: 'bg-line' },
};

/** How long the run has taken, and of that what. */
export function Elapsed({ run }: TabProps): ReactElement {
  const now = useNow();
  const fromMs = Date.parse(run.startedAt);
  const toMs = run.endedAt === null ? Math.max(now, fromMs) : Date.parse(run.endedAt);
  const { data } = useRunEvents(run.runId, run.version <= MOST_EVENTS);
  const story = useMemo(() => (data?.isWhole === true ? tellStory(data.events) : null), [data]);
  const deliveries = useMemo(() => deliveriesOf(run), [run]);
  const split = useMemo(
    () => (story === null ? null : splitElapsed(story, (commandId) => takenMs(deliveries, commandId), fromMs, toMs)),
    [story, deliveries, fromMs, toMs],
  );
  const total = toMs - fromMs;
  // What rounds to nothing says nothing.
  const told = split === null ? [] : PARTS.filter((part) => split[part] >= Math.max(1, total * 0.002));
  return (
    <span className="inline-flex flex-wrap items-center gap-x-2">
      <span>{durationOf(total)}</span>
      {split === null || told.length === 0 ? null : (
        <>
          <span aria-hidden="true" className="inline-flex h-2 w-24 overflow-hidden rounded-sm bg-line">
            {told.map((part) => (
              <span key={part} className={LOOKS[part].className} style={{ width: `${(split[part] / total) * 100}%` }} />
            ))}
          </span>
          <span className="text-quiet">
            {told.map((part) => `${LOOKS[part].name} ${durationOf(split[part])}`).join(', ')}
          </span>
        </>
      )}
    </span>
  );
}
