import { z } from 'zod';
import { CommandId, RunId } from './ids.js';
import { Actor, ApprovalId, DecisionMode, RequestId, SignalName, SubmitRun } from './intake.js';
import { Json } from './json.js';
import { KnowledgeUse } from './knowledge.js';
import { Usage } from './tasks.js';
import { TaskDelivery, TaskWork } from './workers.js';

/** `accepted`: the submission is stored, and the hub has not begun the run yet; it has no event. */
export const RunStatus = z.enum(['accepted', 'running', 'paused', 'succeeded', 'failed', 'cancelled']);
export type RunStatus = z.infer<typeof RunStatus>;

/** Body of `POST /v1/runs`. The request id may also come as the `Idempotency-Key` header; absent, one is made. */
export const SubmitRunBody = SubmitRun.omit({ actor: true, requestId: true, traceparent: true }).extend({
  requestId: SubmitRun.shape.requestId.optional(),
});
export type SubmitRunBody = z.infer<typeof SubmitRunBody>;

/**
 * The 202 of every request that changes a run: it is stored and will be carried out. `runId` is the run it has its effect
 * on: for a fork, the new one.
 */
export const RunAccepted = z.object({
  runId: RunId,
  requestId: RequestId,
  status: z.literal('accepted'),
  /** One sentence: something that was accepted and may not be meant, such as a budget that is too small. */
  notice: z.string().optional(),
});
export type RunAccepted = z.infer<typeof RunAccepted>;

/** An item of a Map: its place, from 0, and what people call it, where it has a name. */
export const ItemRef = z.object({ index: z.int(), name: z.string().nullable() });
export type ItemRef = z.infer<typeof ItemRef>;

/** One visit of a state that takes time. Times are RFC 3339; durations milliseconds. */
export const StepView = z.object({
  state: z.string(),
  /** The number that the workflow's `steps` give it; null where they do not name it, and then `title` is the state's name. */
  step: z.int().nullable(),
  /** The item of a Map that it is about. */
  item: ItemRef.nullable().default(null),
  title: z.string(),
  agent: z.string().nullable(),
  attempt: z.int(),
  status: z.enum(['waiting', 'succeeded', 'failed', 'timed-out', 'cancelled']),
  startedAt: z.string(),
  durationMs: z.number().nullable(),
});
export type StepView = z.infer<typeof StepView>;

/** Something outside the workers that a run waits for, and the state that does. */
export const WaitingFor = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('approval'),
    state: z.string(),
    approvalId: ApprovalId,
    since: z.string(),
    /** Why nobody who has a key can give it, where that is so. */
    blocked: z.string().optional(),
  }),
  z.object({ kind: z.literal('signal'), state: z.string(), name: SignalName, since: z.string() }),
  /** A child run. */
  z.object({ kind: z.literal('run'), state: z.string(), runId: RunId, workflow: z.string(), since: z.string() }),
  z.object({ kind: z.literal('timer'), state: z.string(), dueAt: z.string(), since: z.string() }),
  /** Somebody answers with the token of the task, whose worker has done its part. */
  z.object({ kind: z.literal('token'), state: z.string(), since: z.string() }),
  /** A place: the run has not begun, so there is no state yet. With the caps that are full; none where it is next. */
  z.object({
    kind: z.literal('place'),
    state: z.literal(''),
    caps: z.array(z.object({ cap: z.string(), underWay: z.int(), most: z.int() })),
    since: z.string(),
  }),
]);
export type WaitingFor = z.infer<typeof WaitingFor>;

/** What comes from outside, of which nobody here knows when. */
const FROM_OUTSIDE: ReadonlySet<WaitingFor['kind']> = new Set(['approval', 'signal', 'token']);

/** Whether waiting longer changes nothing by itself: it has ended, is paused, or waits for somebody. */
export const isSettled = ({
  endedAt,
  status,
  waitingFor,
}: {
  readonly endedAt: string | null;
  readonly status: string;
  readonly waitingFor: readonly Pick<WaitingFor, 'kind'>[];
}): boolean => endedAt !== null || status === 'paused' || waitingFor.some(({ kind }) => FROM_OUTSIDE.has(kind));

/**
 * What came back while a run is paused: it is in the log, and the run acts on it when it is resumed. `answer` is a person's,
 * `advice` what came of a question to the advisor.
 */
export const KeptFact = z.object({
  state: z.string(),
  what: z.enum(['result', 'failure', 'timeout', 'answer', 'advice', 'timer', 'signal', 'question']),
  since: z.string(),
});
export type KeptFact = z.infer<typeof KeptFact>;

/** How far a Map is. What is not counted has not begun: `total` less all the others. */
export const MapView = z.object({
  state: z.string(),
  /** The item that it is inside of, where it is in another Map. */
  item: ItemRef.nullable(),
  total: z.int(),
  running: z.int(),
  succeeded: z.int(),
  failed: z.int(),
  /** Begun, and given up because of another. */
  cancelled: z.int(),
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  /** The first twenty. */
  failures: z.array(ItemRef.extend({ error: z.string(), cause: z.string() })),
});
export type MapView = z.infer<typeof MapView>;

/** What a person thinks of a run, or of one of its decisions or states. */
const RatingView = z.object({
  /** The number of its event. */
  version: z.int(),
  score: z.int(),
  note: z.string(),
  decisionId: z.string().nullable(),
  state: z.string().nullable(),
  by: Actor,
  at: z.string(),
});

/**
 * A run as the read model shows it. `version` is the number of its newest event.
 * While a run is only `accepted`, `version` is 0 and `startedAt` is when its submission was stored.
 */
export const RunView = z.object({
  runId: RunId,
  workflow: z.string(),
  workflowVersion: z.string(),
  /** What people recognise it by: a line of what was asked for. Null where that has no text, and before the run has begun. */
  title: z.string().nullable().default(null),
  status: RunStatus,
  version: z.int(),
  phase: z.string().nullable(),
  step: z.int().nullable(),
  /** The highest number that the workflow gives a step; null where it gives none. */
  lastStep: z.int().nullable().default(null),
  /** The names of the states that are open, each once. */
  currentStates: z.array(z.string()),
  /** At most the hundred that have waited longest. */
  waitingFor: z.array(WaitingFor),
  /** What came back while the run is paused: at most the first hundred. */
  kept: z.array(KeptFact).default([]),
  /** The run whose state asked for this one, and the command by which it did. */
  parent: z.object({ runId: RunId, commandId: CommandId }).nullable(),
  /** The run this one was forked from, and the last of its events that was taken over. */
  forkedFrom: z.object({ runId: RunId, version: z.int() }).nullable(),
  labels: z.record(z.string(), z.string()),
  submittedBy: Actor,
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  error: z.string().nullable(),
  cause: z.string().nullable(),
  models: z.array(z.string()),
  usage: Usage,
  rounds: z.record(z.string(), z.int()),
  scores: z.array(z.object({ phase: z.string(), round: z.int(), scores: z.record(z.string(), z.number()) })),
  decisions: z.object({
    /** Who is heard at its decision points. Null in views of before this was shown. */
    mode: DecisionMode.nullable().default(null),
    total: z.int(),
    bySource: z.record(z.string(), z.int()),
  }),
  /** The newest five hundred, in the order in which they began. */
  steps: z.array(StepView),
  /** The newest twenty, those that are not at their end among them. */
  maps: z.array(MapView).default([]),
  /** The newest hundred, in the order in which they came. */
  ratings: z.array(RatingView).default([]),
});
export type RunView = z.infer<typeof RunView>;

/** A run in a list: without what grows with its length. */
export const RunSummary = RunView.omit({ steps: true, maps: true, scores: true, kept: true, ratings: true });
export type RunSummary = z.infer<typeof RunSummary>;
/** How far one budget is used: in dollars, tokens, or seconds. `reserved` is what open tasks may spend. */
const BudgetLevel = z.object({
  kind: z.enum(['usd', 'tokens', 'wallClock']),
  used: z.number(),
  reserved: z.number(),
  limit: z.number(),
  /** Null where something without a price was used: then nobody knows. */
  left: z.number().nullable(),
});

/** `GET /v1/runs/{id}`: the run, who works for it, and what is left of its budget. */
export const RunDetail = RunView.extend({
  /** The tasks it waits for: the hundred oldest. */
  work: z.array(TaskWork).default([]),
  /** Deliveries of tasks that were lost, and done again by another worker. What workers say, and not part of the log. */
  lost: z.array(TaskDelivery).default([]),
  /** Tasks that are done, or were given up: the newest hundred, oldest first. One of a tenth of a second is not told of. */
  done: z.array(TaskDelivery).default([]),
  /** One for each limit that the run has. */
  budget: z.array(BudgetLevel).default([]),
  /** What it was submitted with for its agents; null where they work as their services are set up. */
  agents: z
    .object({
      model: z.string().optional(),
      templates: z.record(z.string(), z.string()).optional(),
      /** Which tools of servers it leaves them, as `server` or `server:tool`. Absent: all that operators allow; empty: none. */
      mcpServers: z.array(z.string()).optional(),
    })
    .nullable()
    .default(null),
  /** The newest message of the run that was put aside, where it is still to come to its end: it may wait for that for ever. */
  deadLetter: z
    .object({ id: z.int(), at: z.iso.datetime(), source: z.string(), reason: z.string() })
    .nullable()
    .default(null),
});
export type RunDetail = z.infer<typeof RunDetail>;

/**
 * `GET /v1/runs`: newest first; `next` is the cursor of the following page, null on the last page alone: under a filter a
 * page may be short, or empty, and have one after it.
 */
export const RunList = z.object({ runs: z.array(RunSummary), next: z.string().nullable() });
export type RunList = z.infer<typeof RunList>;

/** An event as it stands in the log, with a sentence for people. */
export const EventView = z.object({
  position: z.int(),
  runId: RunId,
  version: z.int(),
  type: z.string(),
  schemaVersion: z.int(),
  eventId: z.string(),
  causationId: z.string().nullable(),
  correlationId: z.string().nullable(),
  recordedAt: z.string(),
  actor: Actor,
  data: Json,
  summary: z.string(),
});
export type EventView = z.infer<typeof EventView>;

export const EventList = z.object({ events: z.array(EventView), next: z.string().nullable() });
export type EventList = z.infer<typeof EventList>;

/** `GET /v1/runs/{id}/result`: 409 while the run is not finished. */
export const RunResult = z.object({
  runId: RunId,
  status: RunStatus,
  output: Json.nullable(),
  error: z.string().nullable(),
  cause: z.string().nullable(),
  /** What the last task handed out that handed out files, where the run did not succeed. */
  unfinished: Json.nullable().default(null),
  /** What its tasks read of the documentation, and what could not be read: by the state that asked, in order. */
  knowledge: z.array(KnowledgeUse.extend({ state: z.string() })).default([]),
});
export type RunResult = z.infer<typeof RunResult>;

/** `GET /v1/runs/{id}/state?at=N`: the state folded from the first N events of the run, nothing else. */
export const RunStateView = z.object({
  runId: RunId,
  at: z.int(),
  of: z.int(),
  state: Json,
});
export type RunStateView = z.infer<typeof RunStateView>;

/** RFC 9457 problem details, with a code, JSON pointers into the request and the next step. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.string(),
  next: z.string().optional(),
  errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
  /** Under which the request stands in the log of the gateway; also the header `X-Request-Id`. */
  requestId: z.string().optional(),
});
export type Problem = z.infer<typeof Problem>;

/** `GET /v1/runs/{id}/artifacts`: the files that a run made; each is fetched below it, by its path. */
export const ArtifactList = z.object({
  runId: RunId,
  artifacts: z.array(
    z.object({ path: z.string(), size: z.int().nonnegative(), sha256: z.string(), mediaType: z.string() }),
  ),
});
export type ArtifactList = z.infer<typeof ArtifactList>;
