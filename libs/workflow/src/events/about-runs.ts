import {
  Actor,
  CommandId,
  DecisionMode,
  DoneBy,
  Json,
  JsonObject,
  RequestId,
  RunId,
  SignalName,
} from '@baton/contracts';
import { z } from 'zod';
import { DefaultLanguage } from '../document/default-language.js';
import { DocumentOfEvent } from '../document/stored-document.js';
import { Engine } from '../engine.js';
import { AgentsOfRun } from '../state/agents-of-run.js';
import { RunSnapshot } from '../state/run-snapshot.js';
import { ParentRun, WaitingRecovery } from '../state/run-state.js';
import { define, Frame, Instant, Visit } from './define.js';

export const RunStarted = define('RunStarted', {
  workflow: z.object({ name: z.string(), version: z.string(), sha256: z.string() }),
  /** The whole document, which the log names by its hash: a run keeps the version it started with. */
  document: DocumentOfEvent,
  input: Json,
  requestId: RequestId,
  submittedBy: Actor,
  labels: z.record(z.string(), z.string()),
  priority: z.int(),
  decisionMode: DecisionMode,
  budget: z.object({
    usd: z.number().nullable(),
    tokens: z.int().nullable(),
    wallClock: z.string().nullable(),
  }),
  /** How the budget is shared out: by what tasks cost. Before version 4, and without a limit on what they cost, absent: by quarters. */
  shares: z.literal('by-cost').optional(),
  /** Missing in the oldest logs. */
  startedAt: Instant.optional(),
  /** There where a state of another run asked for this one. */
  parent: ParentRun.optional(),
  /** There where its agents work otherwise than their services are set up. */
  agents: AgentsOfRun.optional(),
  /** There where a person does steps by hand, beside those of which the document says so. Since version 5. */
  by: DoneBy.optional(),
  /** There where the document means something else than it would have before: see `default-language.ts`. */
  defaultLanguage: DefaultLanguage.optional(),
  /** What decided. Since version 7. */
  engine: Engine.optional(),
  /** The W3C trace context that it was submitted with: what it does hours later links to it. Changes nothing. Since version 9. */
  trace: z.string().max(55).optional(),
});

/** From here on something else decides: another version of the code, or the same under other settings. Since version 7. */
export const EngineChanged = define('EngineChanged', { engine: Engine });

/** A new run takes over the state that another had after its event `version`, and goes on from there. */
export const RunForked = define('RunForked', {
  from: z.object({ runId: RunId, version: z.int().positive() }),
  requestId: RequestId,
  /** What the fork has otherwise than the other run had, which the copy holds already; since version 3. */
  changed: z.object({ set: JsonObject.optional(), input: Json.optional() }).optional(),
  carry: RunSnapshot,
});

/** A failed run goes on from the states that failed or were given up. The snapshot is its state before they were. */
export const RunRetried = define('RunRetried', {
  requestId: RequestId,
  reason: z.string(),
  /** The last event that still counts. */
  version: z.int().positive(),
  carry: RunSnapshot,
});

/** The log of a long run says what its state is, so that nobody need read all that came before. Changes nothing. */
export const RunContinued = define('RunContinued', { carry: RunSnapshot });

/**
 * The turn did as much as one may do at a time, and more is to be done: the run goes on when its command is due, or at
 * once where the hub remembers.
 */
export const TurnYielded = define('TurnYielded', {
  commandId: CommandId,
  dueAt: Instant,
  /** How many states each frame has entered without waiting for anything, of those that wait for nothing now. */
  entered: z.array(z.object({ frame: Frame, states: z.int().positive() })),
});

/** The run goes on with what an earlier turn left. */
export const TurnResumed = define('TurnResumed', { commandId: CommandId });

/** From here on nothing new begins until `RunResumed`; what comes back is kept. */
export const RunPaused = define('RunPaused', { requestId: RequestId, reason: z.string() });

export const RunResumed = define('RunResumed', { requestId: RequestId });

/** What a person thinks of the run, of one of its decisions, or of a state. Changes nothing, and may come after the end. */
export const RunRated = define('RunRated', {
  requestId: RequestId,
  /** 1 to 5, 5 is best. */
  score: z.int().min(1).max(5),
  note: z.string(),
  decisionId: z.string().optional(),
  state: z.string().optional(),
  by: Actor,
});

/** A signal came for the run. It is kept until a state takes it, which its TaskSucceeded says. */
export const SignalReceived = define('SignalReceived', {
  /** Numbered through the run, from 1. */
  signal: z.int().positive(),
  name: SignalName,
  data: Json,
  requestId: RequestId,
});

const BudgetKind = z.enum(['usd', 'tokens', 'wallClock']);

/** Dollars, tokens, or seconds. A child run may be given nothing. */
const budgetFacts = { kind: BudgetKind, used: z.number().nonnegative(), limit: z.number().nonnegative() };

/** Four fifths of the budget are used: tasks are told to come to an end. */
export const BudgetWarned = define('BudgetWarned', budgetFacts);

/** Nothing is left: a person is asked. `isUnknown`: a model without a price was used, so nobody knows what is left. */
export const BudgetExhausted = define('BudgetExhausted', { ...budgetFacts, isUnknown: z.literal(true).optional() });

/** A person gave more. */
export const BudgetExtended = define('BudgetExtended', { kind: BudgetKind, by: z.number().positive() });

/**
 * The state waits until tasks that are under way give back what they do not need. Older logs say so again each time when
 * that was not enough.
 */
export const BudgetAwaited = define('BudgetAwaited', {
  visit: Visit,
  /** There where the task is tried again: not before then. */
  notBefore: Instant.optional(),
  /** There where a task that failed for good is tried again, in another way. */
  recovery: WaitingRecovery.optional(),
  /** There where a question led to the task: it is decided. Older logs decided it once more after the wait. */
  isDecided: z.literal(true).optional(),
});

export const RunSucceeded = define('RunSucceeded', { output: Json });

export const RunFailed = define('RunFailed', { error: z.string(), cause: z.string() });

export const RunCancelled = define('RunCancelled', { reason: z.string(), requestId: RequestId });
