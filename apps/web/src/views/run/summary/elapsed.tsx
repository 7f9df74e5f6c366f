import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type ReactElement, useMemo } from 'react';
import { api, type Schemas } from '../../../api/api.js';
import { durationOf } from '../../../parts/spans.js';
import { useNow } from '../../../parts/time.js';
import { useRunEvents } from '../run-events.js';
import type { TabProps } from '../run-tabs.js';
import { deliveriesOf, takenMs } from '../story/deliveries.js';
import { PARTS, type Part, splitElapsed } from '../story/split-elapsed.js';
import type { RunStory } from '../story/story.js';
import { tellStory } from '../story/tell-story.js';

/** A longer log is not asked for only to say this: the timeline does, and then it is told here, too. */
const MOST_EVENTS = 5_000;

const LOOKS: Readonly<Record<Part, { readonly name: string; readonly className: string }>> = {
  model: { name: 'models', className: 'bg-accent' },
  work: { name: 'work', className: 'bg-busy opacity-70' },
  queue: { name: 'queue', className: 'bg-busy opacity-30' },
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
  const models = useModelTime(run.runId, story);
  const split = useMemo(
    () => (story === null ? null : splitElapsed(story, knownOf(deliveries, models), fromMs, toMs)),
    [story, deliveries, models, fromMs, toMs],
  );
  const isLess = models !== undefined && (!models.isWhole || models.tasks.some(({ unmeasured }) => unmeasured > 0));
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
          <span
            className="text-quiet"
            title={`Each moment counts once. Time of models is part of no other${isLess ? '; not every call was measured' : ''}.`}
          >
            {told
              .map((part) => {
                const bound = part === 'model' && isLess ? 'at least ' : '';
                return `${LOOKS[part].name} ${bound}${durationOf(split[part])}`;
              })
              .join(', ')}
            {isLess && !told.includes('model') ? ', models not measured' : ''}
          </span>
        </>
      )}
    </span>
  );
}

/** How long models took, task by task; asked for again when another task has ended. Undefined while nobody knows. */
function useModelTime(runId: string, story: RunStory | null): Schemas['ModelTime'] | undefined {
  const ended = useMemo(
    () =>
      story?.attempts.filter(({ kind, endMs }) => (kind === 'task' || kind === 'advice') && endMs !== null).length ?? 0,
    [story],
  );
  return useQuery({
    queryKey: ['model-time', runId, ended],
    queryFn: ({ signal }) => api().get('/v1/runs/{id}/model-time', { params: { path: { id: runId } }, signal }),
    enabled: ended > 0,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
  }).data;
}

function knownOf(deliveries: ReturnType<typeof deliveriesOf>, models: Schemas['ModelTime'] | undefined) {
  const ofModels = new Map(models?.tasks.map(({ commandId, modelMs }) => [commandId, modelMs]));
  return {
    takenMs: (commandId: string) => takenMs(deliveries, commandId),
    modelMs: (commandId: string) => ofModels.get(commandId) ?? 0,
  };
}
