import type { AttemptKind, RunStory } from './story.js';

/*
 * Where the time of a run went, each moment counted once, so that the parts add up to the whole. Where several things are under
 * way at a moment, a model counts before other work, that before what waits for a worker, that before what waits for people, and
 * that before other waits. Of a task it is known how long models took in all: that is laid at the beginning of its work, since
 * where within it they were asked changes nothing of the sum.
 */

export const PARTS = ['model', 'work', 'queue', 'people', 'wait', 'paused', 'rest'] as const;
export type Part = (typeof PARTS)[number];

export type Elapsed = Readonly<Record<Part, number>>;

interface Span {
  readonly part: Exclude<Part, 'rest'>;
  readonly fromMs: number;
  readonly toMs: number;
}

const ORDER = ['model', 'work', 'queue', 'people', 'wait', 'paused'] as const;

const PART_OF: Readonly<Record<AttemptKind, Span['part']>> = {
  ...{ task: 'work', advice: 'work', run: 'work' },
  ...{ person: 'people', signal: 'wait', timer: 'wait' },
};

interface Known {
  readonly takenMs: (commandId: string) => number | null | undefined;
  readonly modelMs: (commandId: string) => number;
}

/**
 * @param takenMs when the first worker took a command, as far as that is known: before, it waited in its queue. Null: none has
 * taken it yet. Undefined: nobody knows, and all of it counts as work.
 * @param modelMs how long models took for a command; 0 where that is not known
 */
export function splitElapsed(story: RunStory, { takenMs, modelMs }: Known, fromMs: number, toMs: number): Elapsed {
  const spans: Span[] = story.pauses.map((pause) => ({
    ...{ part: 'paused', fromMs: pause.fromMs, toMs: pause.toMs ?? toMs },
  }));
  for (const { commandId, kind, scheduledMs, startMs, endMs } of story.attempts) {
    const endsMs = endMs ?? toMs;
    if (startMs > scheduledMs) spans.push({ part: 'wait', fromMs: scheduledMs, toMs: Math.min(startMs, endsMs) });
    const isTask = kind === 'task' || kind === 'advice';
    const taken = isTask ? takenMs(commandId) : undefined;
    const workFromMs = taken === undefined ? startMs : Math.min(Math.max(taken ?? endsMs, startMs), endsMs);
    if (workFromMs > startMs) spans.push({ part: 'queue', fromMs: startMs, toMs: workFromMs });
    if (endsMs <= workFromMs) continue;
    spans.push({ part: PART_OF[kind], fromMs: workFromMs, toMs: endsMs });
    const ofModels = isTask ? modelMs(commandId) : 0;
    if (ofModels > 0) spans.push({ part: 'model', fromMs: workFromMs, toMs: Math.min(workFromMs + ofModels, endsMs) });
  }
  return sweep(spans, fromMs, toMs);
}

/** One pass over all beginnings and ends in the order of time. */
function sweep(spans: readonly Span[], fromMs: number, toMs: number): Elapsed {
  const clamp = (ms: number): number => Math.min(Math.max(ms, fromMs), toMs);
  const edges = spans.flatMap(({ part, ...span }) => [
    { part, ms: clamp(span.fromMs), change: 1 },
    { part, ms: clamp(span.toMs), change: -1 },
  ]);
  edges.sort((a, b) => a.ms - b.ms);
  const total: Record<Part, number> = { model: 0, work: 0, queue: 0, people: 0, wait: 0, paused: 0, rest: 0 };
  const open: Record<Span['part'], number> = { model: 0, work: 0, queue: 0, people: 0, wait: 0, paused: 0 };
  let atMs = fromMs;
  for (const { part, ms, change } of edges) {
    total[ORDER.find((each) => open[each] > 0) ?? 'rest'] += ms - atMs;
    atMs = ms;
    open[part] += change;
  }
  total.rest += Math.max(0, toMs - atMs);
  return total;
}
