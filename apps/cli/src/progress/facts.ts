import type { EventView } from '@baton/contracts';
import { z } from 'zod';

/*
 * What the command reads out of events. It knows the log only through HTTP, so it takes the fields it shows and nothing
 * else: an event of an unknown type or with more fields is no error, it only shows less.
 */

const Workflow = z.object({ name: z.string(), version: z.string() });
const Document = z.object({
  phases: z.array(z.object({ name: z.string(), states: z.array(z.string()) })).optional(),
  steps: z.record(z.string(), z.object({ number: z.int(), title: z.string() })).optional(),
  definition: z.unknown().optional(),
});
const RunStarted = z.object({ workflow: Workflow, document: Document });
const StateEntered = z.object({ visit: z.int(), frame: z.int(), state: z.string() });
const RunForked = z.object({
  from: z.object({ runId: z.string(), version: z.int() }),
  carry: z.object({ document: Document, state: z.object({ workflow: Workflow, visits: z.array(StateEntered) }) }),
});
const RunRetried = z.object({ carry: z.object({ state: z.object({ visits: z.array(StateEntered) }) }) });
const commandId = z.string().default('');
/** `arguments`: of an approval, what it is about. */
const TaskScheduled = z.object({
  visit: z.int(),
  resource: z.string(),
  attempt: z.int(),
  commandId,
  arguments: z.object({ about: z.string().nullable().catch(null), title: z.string().nullable().catch(null) }).catch({
    about: null,
    title: null,
  }),
});
const Command = z.object({ visit: z.int(), commandId });
const ApprovalDecided = Command.extend({
  decision: z.string(),
  comment: z.string(),
  by: z.object({ type: z.string(), id: z.string() }),
});
const SignalReceived = z.object({ name: z.string() });
const Tool = z.object({
  tool: z.string(),
  status: z.string(),
  durationMs: z.number(),
  findings: z.array(z.unknown()),
  oldFindings: z.array(z.unknown()).optional(),
  reason: z.string().nullable(),
});
export const ToolReport = z.object({
  passed: z.boolean(),
  tools: z.array(Tool).min(1),
  warning: z.string().nullable().default(null),
});
export type ToolReport = z.infer<typeof ToolReport>;
/** What came of a version that was to become the head of a lineage. */
export const Landing = z.object({
  landed: z.boolean(),
  head: z.object({ number: z.int(), runId: z.string().nullable() }),
});
const TaskSucceeded = Command.extend({ output: z.unknown(), model: z.string().optional() });
const TaskTroubled = Command.extend({ error: z.string(), cause: z.string().default('') });
const StateRetried = z.object({ visit: z.int(), error: z.string(), notBefore: z.string() });
const StateLeft = z.object({ visit: z.int() });
const ErrorCaught = z.object({ visit: z.int(), error: z.string(), next: z.string() });
const OfFrame = z.object({ frame: z.int() });
const FrameStarted = OfFrame.extend({
  parent: z.object({ visit: z.int(), branch: z.int() }).nullable(),
  input: z.unknown().optional(),
  items: z.int().optional(),
});
const MapStarted = z.object({
  visit: z.int(),
  items: z.array(z.unknown()),
  source: z.object({ count: z.int() }).optional(),
});
const StateFailed = z.object({ visit: z.int(), error: z.string().default(''), cause: z.string().default('') });
const DecisionMade = z.object({
  decision: z.object({
    source: z.string(),
    actionType: z.string(),
    target: z.string().nullable(),
    phase: z.string().nullable(),
    round: z.int().nullable(),
    scores: z.record(z.string(), z.number()).nullable(),
    rationale: z.string(),
  }),
});
const RunFailed = z.object({ error: z.string(), cause: z.string() });
const RunCancelled = z.object({ reason: z.string() });
const Nothing = z.object({});

const SCHEMAS = {
  RunStarted,
  RunForked,
  RunRetried,
  RunPaused: Nothing,
  RunResumed: Nothing,
  SignalReceived,
  StateEntered,
  TaskScheduled,
  TaskSucceeded,
  TaskFailed: TaskTroubled,
  TaskAsked: Command,
  TaskTimedOut: TaskTroubled,
  ApprovalDecided,
  CommandCancelled: Command,
  TimerScheduled: Command,
  TimerFired: Command,
  StateRetried,
  StateExited: StateLeft,
  StateFailed,
  ErrorCaught,
  MapStarted,
  FrameStarted,
  FrameEnded: OfFrame,
  FrameAborted: OfFrame,
  DecisionMade,
  RunSucceeded: Nothing,
  RunFailed,
  RunCancelled,
} as const;

type Schemas = typeof SCHEMAS;
export type Fact = {
  [T in keyof Schemas]: { readonly type: T; readonly data: z.infer<Schemas[T]>; readonly atMs: number };
}[keyof Schemas];

const isKnown = (type: string): type is keyof Schemas => Object.hasOwn(SCHEMAS, type);

/** The part of an event that is shown, or null when nothing of it is. */
export function factOf(event: EventView): Fact | null {
  if (!isKnown(event.type)) return null;
  const parsed = SCHEMAS[event.type].safeParse(event.data);
  if (!parsed.success) return null;
  // The schema was chosen by the type, which the compiler cannot follow through the table.
  return { type: event.type, data: parsed.data, atMs: Date.parse(event.recordedAt) } as Fact;
}
