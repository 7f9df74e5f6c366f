import { type EventView, type Json, type JsonObject, KnowledgeUse } from '@baton/contracts';
import { z } from 'zod';

/** One time that a task was sent out. */
interface AttemptStory {
  readonly attempt: number;
  readonly commandId: string;
  readonly status: 'open' | 'succeeded' | 'failed' | 'asked' | 'timed-out' | 'cancelled';
  readonly durationMs: number | null;
  readonly model: string | null;
  /** The command whose answer was taken over; null where the model was asked. */
  readonly cachedFrom: string | null;
  /** In and out together. */
  readonly tokens: number | null;
  /** Null where the price of the model is not known; absent where no model was asked. */
  readonly costUsd?: number | null | undefined;
  readonly error: string | null;
  readonly cause: string | null;
  /** What it read of the documentation; null where it did not look. */
  readonly knowledge: KnowledgeUse | null;
}

/** One visit of a state, out of its events. */
export interface StepStory {
  /** The number of the visit within the run. */
  readonly visit: number;
  readonly enteredVersion: number;
  readonly enteredAt: string;
  readonly leftAt: string | null;
  readonly status: 'open' | 'succeeded' | 'failed' | 'cancelled';
  readonly resource: string | null;
  /** What the worker was given last; absent where no task was sent out. */
  readonly arguments?: Json;
  readonly attempts: readonly AttemptStory[];
  readonly output?: Json;
  readonly assign: JsonObject;
  readonly next: string | null;
  readonly error: string | null;
  readonly cause: string | null;
  readonly isCaught: boolean;
}

const Visit = z.object({ visit: z.int() });
const Entered = Visit.extend({ state: z.string(), frame: z.int() });
const Scheduled = Visit.extend({ commandId: z.string(), resource: z.string(), arguments: z.json(), attempt: z.int() });
const Settled = Visit.extend({
  commandId: z.string(),
  model: z.string().nullish(),
  cachedFrom: z.object({ commandId: z.string() }).nullish(),
  usage: z
    .object({ inputTokens: z.number(), outputTokens: z.number(), costUsd: z.number().nullable().optional() })
    .nullish(),
  error: z.string().default(''),
  cause: z.string().default(''),
  knowledge: KnowledgeUse.nullish().catch(null),
});
const Left = Visit.extend({ output: z.json(), assign: z.record(z.string(), z.json()), next: z.string().nullable() });
const Trouble = Visit.extend({ error: z.string(), cause: z.string() });
const Aborted = z.object({ frame: z.int() });

/** A visit that is followed, and what is needed to know which events are about it. */
interface Followed {
  readonly story: StepStory;
  readonly frame: number;
  readonly openedAt: ReadonlyMap<string, string>;
}

/** The states that the events tell of, each once, in the order in which they were first visited. */
export const statesSeen = (events: readonly EventView[]): readonly string[] => [
  ...new Set(
    events.flatMap(({ type, data }) => {
      const entered = type === 'StateEntered' ? Entered.safeParse(data).data : undefined;
      return entered === undefined ? [] : [entered.state];
    }),
  ),
];

/** The visits of a state, in the order in which they began. */
export function foldStep(events: readonly EventView[], state: string): readonly StepStory[] {
  const visits = new Map<number, Followed>();
  for (const event of events) {
    const entered = event.type === 'StateEntered' ? Entered.safeParse(event.data).data : undefined;
    if (entered?.state === state) visits.set(entered.visit, begin(event, entered));
    else for (const visit of aboutWhich(event, visits)) visits.set(visit.story.visit, evolve(visit, event));
  }
  return [...visits.values()].map(({ story }) => story);
}

function aboutWhich({ type, data }: EventView, visits: ReadonlyMap<number, Followed>): readonly Followed[] {
  if (type === 'FrameAborted') {
    const frame = Aborted.safeParse(data).data?.frame;
    return [...visits.values()].filter((each) => each.frame === frame && each.story.status === 'open');
  }
  if (type === 'RunCancelled' || type === 'RunFailed') {
    return [...visits.values()].filter(({ story }) => story.status === 'open');
  }
  const found = visits.get(Visit.safeParse(data).data?.visit ?? -1);
  return found === undefined ? [] : [found];
}

const begin = ({ version, recordedAt }: EventView, { visit, frame }: z.infer<typeof Entered>): Followed => ({
  frame,
  openedAt: new Map(),
  story: {
    visit,
    enteredVersion: version,
    enteredAt: recordedAt,
    leftAt: null,
    status: 'open',
    resource: null,
    attempts: [],
    assign: {},
    next: null,
    error: null,
    cause: null,
    isCaught: false,
  },
});

const STATUS_OF: Readonly<Record<string, AttemptStory['status']>> = {
  TaskSucceeded: 'succeeded',
  TaskFailed: 'failed',
  TaskAsked: 'asked',
  TaskTimedOut: 'timed-out',
  CommandCancelled: 'cancelled',
};

function evolve(visit: Followed, event: EventView): Followed {
  const { story } = visit;
  const { type, data, recordedAt } = event;
  const settled = STATUS_OF[type];
  if (settled !== undefined) return settle(visit, event, settled);
  switch (type) {
    case 'TaskScheduled':
      return schedule(visit, event);
    case 'StateExited': {
      const left = Left.safeParse(data).data;
      if (left === undefined) return visit;
      const { output, assign, next } = left;
      return { ...visit, story: { ...story, status: 'succeeded', leftAt: recordedAt, output, assign, next } };
    }
    case 'ErrorCaught': {
      const left = Left.extend(Trouble.shape).safeParse(data).data;
      if (left === undefined) return visit;
      const { visit: _, ...rest } = left;
      return { ...visit, story: { ...story, ...rest, status: 'failed', leftAt: recordedAt, isCaught: true } };
    }
    case 'StateFailed': {
      const { error = null, cause = null } = Trouble.safeParse(data).data ?? {};
      return { ...visit, story: { ...story, status: 'failed', leftAt: recordedAt, error, cause } };
    }
    case 'FrameAborted':
    case 'RunCancelled':
    case 'RunFailed':
      return { ...visit, story: { ...story, status: 'cancelled', leftAt: recordedAt } };
    default:
      return visit;
  }
}

function schedule(visit: Followed, { data, recordedAt }: EventView): Followed {
  const scheduled = Scheduled.safeParse(data).data;
  if (scheduled === undefined) return visit;
  const { commandId, resource, attempt } = scheduled;
  const opened: AttemptStory = {
    attempt,
    commandId,
    status: 'open',
    durationMs: null,
    model: null,
    cachedFrom: null,
    tokens: null,
    error: null,
    cause: null,
    knowledge: null,
  };
  const attempts = [...visit.story.attempts, opened];
  return {
    ...visit,
    openedAt: new Map(visit.openedAt).set(commandId, recordedAt),
    story: { ...visit.story, resource, arguments: scheduled.arguments, attempts },
  };
}

function settle(visit: Followed, { data, recordedAt }: EventView, status: AttemptStory['status']): Followed {
  const settled = Settled.safeParse(data).data;
  if (settled === undefined) return visit;
  const { commandId, model, cachedFrom, usage, error, cause, knowledge } = settled;
  const since = visit.openedAt.get(commandId);
  const attempts = visit.story.attempts.map((attempt) =>
    attempt.commandId === commandId
      ? {
          ...attempt,
          status,
          durationMs: since === undefined ? null : Math.max(0, Date.parse(recordedAt) - Date.parse(since)),
          model: model ?? null,
          cachedFrom: cachedFrom?.commandId ?? null,
          tokens: usage == null ? null : usage.inputTokens + usage.outputTokens,
          costUsd: usage?.costUsd,
          error: error === '' ? null : error,
          cause: cause === '' ? null : cause,
          knowledge: knowledge ?? null,
        }
      : attempt,
  );
  return { ...visit, story: { ...visit.story, attempts } };
}
