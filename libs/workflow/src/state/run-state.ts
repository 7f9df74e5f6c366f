import {
  type Actor,
  CommandId,
  type DecisionMode,
  type DoneBy,
  type JournalPart,
  Json,
  type JsonObject,
  RecoveryStrategy,
  type RequestId,
  RunId,
  type TaskBudget,
} from '@baton/contracts';
import { Map as PersistentMap } from 'immutable';
import { z } from 'zod';
import type { Approval } from '../approvals/approval.js';
import type { Question } from '../decision-points/question.js';
import type { WorkflowDocument } from '../document/workflow-document.js';
import type { Engine } from '../engine.js';
import type { AgentsOfRun } from './agents-of-run.js';
import type { Costs } from './costs.js';
import type { MapProgress } from './map-progress.js';
import type { Reserved } from './reserved.js';
import type { VisitConversation } from './visit-conversation.js';
import type { VisitHandIn } from './visit-hand-in.js';
import type { WaitingLine } from './waiting-line.js';

/*
 * What a run is, folded from its events.
 * Only what is open is kept: a frame leaves with its end, a visit with its exit, a command with its result. The maps are
 * persistent, so that one event in a run with ten thousand open frames costs a logarithm and not a copy.
 */

export type RunState = NewRun | StartedRun;

/** No event yet. */
interface NewRun {
  readonly status: 'new';
}

export interface StartedRun {
  readonly status: 'running' | 'succeeded' | 'failed' | 'cancelled';
  readonly workflow: { readonly name: string; readonly version: string; readonly sha256: string };
  readonly document: WorkflowDocument;
  readonly input: Json;
  /** Null for runs of the oldest logs. */
  readonly startedAt: string | null;
  /** When TimeoutSeconds of the definition began to count: the start, or the last retry. */
  readonly timedFrom: string | null;
  readonly requestId: RequestId;
  readonly submittedBy: Actor;
  readonly labels: Readonly<Record<string, string>>;
  readonly priority: number;
  readonly decisionMode: DecisionMode;
  /** Whether a result named a language model. Kept in the mode `auto` alone, which goes by it. */
  readonly hasModelAnswered: boolean;
  /** As it was given: `usd` in dollars. */
  readonly budget: { readonly usd: number | null; readonly tokens: number | null; readonly wallClock: string | null };
  /** What tasks and advice have used. `microUsd` counts what has a price; `hasUnknownPrice`, that something had none. */
  readonly spent: Spending;
  /** What its tasks have cost, which the shares of others go by; null where it began before shares did, or has no limit. */
  readonly costs: Costs | null;
  /** What was given beyond the budget; `wallClock` in seconds. */
  readonly extended: { readonly microUsd: number; readonly tokens: number; readonly wallClock: number };
  /** The kinds of budget of which four fifths are used. */
  readonly warned: readonly BudgetKind[];
  /** What each decision point was shown last, by its SHA-256 (hex), where it says what its round makes. */
  readonly outputs: readonly { readonly state: string; readonly sha256: string }[];
  /** The last failures of tasks, oldest first. */
  readonly failures: readonly FailureNote[];
  /** The last tasks, the one that was sent out or settled last at the end. */
  readonly steps: readonly StepNote[];
  /** The last answers of people, oldest first. */
  readonly answers: readonly AnswerNote[];
  /** The run whose state asked for this one; null also once it was retried, since its parent has its answer. */
  readonly parent: ParentRun | null;
  /** Absent where its agents work as their services are set up. */
  readonly agents?: AgentsOfRun | undefined;
  /** What decides, and the trace it was submitted in. Absent where the log does not say. */
  readonly engine?: Engine | undefined;
  readonly trace?: string | undefined;
  /** Absent where a person does no step by hand but those of which the document says so. */
  readonly by?: DoneBy | undefined;
  /** Results are kept, and nothing new begins. */
  readonly isPaused: boolean;
  /** What a turn left, to go on with when the command is due; see `TurnYielded`. */
  readonly unfinished: UnfinishedTurn | null;
  /** Signals that no state has taken, oldest first. */
  readonly signals: readonly Signal[];
  readonly retryCount: number;
  readonly frames: PersistentMap<number, FrameState>;
  readonly visits: PersistentMap<number, VisitState>;
  readonly commands: PersistentMap<CommandId, CommandState>;
  /** What the open commands may spend: follows from them. */
  readonly reserved: Reserved;
  /** The visits that wait for budget: follows from what they have been told. */
  readonly waiting: WaitingLine;
  /** Advice that was asked for in shadow: nobody waits for it, but its command has to be settled. */
  readonly shadows: PersistentMap<CommandId, ShadowAdvice>;
  /** The number that the next frame, visit, command and decision will get. */
  readonly nextFrame: number;
  readonly nextVisit: number;
  readonly nextCommand: number;
  readonly nextDecision: number;
  readonly nextSignal: number;
  /** How many events were folded in. Part of the seed of random numbers. */
  readonly eventCount: number;
  /** Tasks that failed or timed out so far, retried ones included. */
  readonly errorCount: number;
  /** The phase of the state entered last, where the workflow names phases. */
  readonly phase: string | null;
  /** The scores of every finished round, oldest first. */
  readonly scores: readonly RoundScores[];
  /** Also once the root frame has ended, just before the run does. */
  readonly output: Json | null;
  readonly error: string | null;
  readonly cause: string | null;
}

interface UnfinishedTurn {
  readonly commandId: CommandId;
  readonly entered: readonly { readonly frame: number; readonly states: number }[];
}

/** One execution of a state machine: the root, a branch of a Parallel state, or an item of a Map. */
export interface FrameState {
  readonly frame: number;
  readonly parent: { readonly visit: number; readonly branch: number } | null;
  /** JSON pointer of the state machine within the definition. */
  readonly machine: string;
  /** The input of the state that comes next: the frame's own input, then the output of each state. */
  readonly value: Json;
  /** Every variable that is visible here. A branch starts with those of the frame around it. */
  readonly variables: JsonObject;
  readonly visit: number | null;
  /** Between two states: the one that follows; null before the first, which its machine names. */
  readonly next: string | null;
  /** Whether a recorded decision led to `next`. */
  readonly isNextDecided: boolean;
  /** How many events the run had when `next` became what follows: states are entered in this order. */
  readonly readySince: number;
  /** Its last state was left, and the frame has not ended yet. */
  readonly isDone: boolean;
}

export type BudgetKind = 'usd' | 'tokens' | 'wallClock';
interface Spending {
  readonly microUsd: number;
  readonly tokens: number;
  readonly hasUnknownPrice: boolean;
}

interface FailureNote {
  readonly state: string;
  readonly error: string;
  readonly cause: string;
}

/** A visit's task, as a reader of the run's story needs it. */
export const StepNote = z.object({
  visit: z.int(),
  state: z.string(),
  attempts: z.int(),
  /** `open`, `succeeded`, `cancelled`, or the name of the error of the last attempt. */
  outcome: z.string(),
});
export type StepNote = z.infer<typeof StepNote>;

/** What a person said. The comment may be cut. */
export const AnswerNote = z.object({ state: z.string(), decision: z.string(), comment: z.string(), by: z.string() });
export type AnswerNote = z.infer<typeof AnswerNote>;

export interface ShadowAdvice {
  readonly commandId: CommandId;
  readonly visit: number;
  readonly decisionId: string;
  readonly deadline: string;
}

interface Signal {
  readonly signal: number;
  readonly name: string;
  readonly data: Json;
}

/** One entry into a state, until the state is left. */
export interface VisitState {
  readonly visit: number;
  readonly frame: number;
  readonly state: string;
  readonly input: Json;
  /** Null for runs of the oldest logs. */
  readonly enteredAt: string | null;
  /** How often the task was sent out. */
  readonly attempts: number;
  /** How often each retrier was used, by its index. */
  readonly retries: readonly number[];
  /** The task or timer it waits for. */
  readonly command: CommandId | null;
  /** What it was told and has not acted on: in the middle of a turn, or while the run is paused. */
  readonly pending: Pending | null;
  /** The decision it waits for: by an advisor or by a person. */
  readonly question: Question | null;
  /** The ways in which its task was tried again after it had failed for good. */
  readonly recoveries: readonly RecoveryStrategy[];
  /** How many questions its tasks have put to a person. */
  readonly questions: number;
  /** The question that its task waits for, or went on from; null where it has asked none. */
  readonly conversation: VisitConversation | null;
  /** What tasks noted whose share of the budget was too small: the next one goes on from there. Absent where there is nothing. */
  readonly leftOff?: readonly JournalPart[] | undefined;
  /** How far a person is who does its work by hand; null where nobody was asked to. */
  readonly handIn: VisitHandIn | null;
  /** What a Map state works through; null until it knows, and for every other state. */
  readonly map: MapProgress | null;
  /** The branches of a Parallel, or the items of a Map, by index: the frame of each that began, the output of each that ended. */
  readonly branches: PersistentMap<number, number>;
  readonly outputs: PersistentMap<number, Json>;
}

export interface CommandState {
  readonly commandId: CommandId;
  readonly visit: number;
  readonly kind: 'task' | 'timer' | 'advice';
  /** The Resource of the Task; null for a timer. */
  readonly resource: string | null;
  readonly attempt: number;
  readonly notBefore: string | null;
  /** For a timer, the instant when it is due. */
  readonly deadline: string | null;
  readonly heartbeatSeconds: number | null;
  /** What an approval is bound to. */
  readonly sha256: string | null;
  /** What it may spend: counted as spent until it is settled. */
  readonly budget: TaskBudget | null;
  /** How an approval with a policy stands; null where there is none. */
  readonly approval: Approval | null;
  /** How many questions it may still put to a person. */
  readonly questions: number;
  /** The way in which it is tried again after it had failed for good; and whether its worker is done, and its token waited for. */
  readonly recovery: RecoveryStrategy | null;
  readonly isSubmitted?: true | undefined;
}

/** The state of another run that asked for this one. `depth`: how many runs are around this one. */
export const ParentRun = z.object({ runId: RunId, commandId: CommandId, depth: z.int().positive() });
export type ParentRun = z.infer<typeof ParentRun>;

/** How a task that failed for good is to be tried again, and what it failed with. */
export const WaitingRecovery = z.object({ strategy: RecoveryStrategy, error: z.string(), cause: z.string() });

/** What a visit was told and has not acted on yet. */
export const Pending = z.discriminatedUnion('type', [
  z.object({ type: z.literal('result'), output: Json }),
  z.object({ type: z.literal('failure'), error: z.string(), cause: z.string(), isRetryable: z.boolean() }),
  /** A retrier matched; the next attempt begins then. After a failure of the state itself a timer holds it back. */
  z.object({ type: z.literal('retry'), notBefore: z.string(), isAfterTask: z.boolean().default(false) }),
  /** Its timer went off. */
  z.object({ type: z.literal('fired') }),
  z.object({ type: z.literal('advice'), output: Json, costUsd: z.number().nullable() }),
  z.object({ type: z.literal('no-advice'), problem: z.string() }),
  /** It waits for budget that others have reserved: to begin, or to be tried again, not before then and in which way. */
  z.object({ type: z.literal('budget'), notBefore: z.string().optional(), recovery: WaitingRecovery.optional() }),
  /** It waits until then, and has no timer: the run was forked or retried meanwhile. */
  z.object({ type: z.literal('wait'), until: z.string() }),
]);
export type Pending = z.infer<typeof Pending>;

interface RoundScores {
  readonly phase: string;
  readonly round: number;
  readonly scores: Readonly<Record<string, number>>;
}

/** What a fork shall have otherwise than the run it comes from. */
export interface CutChanges {
  /** Variables of the root frame that exist at the cut. */
  readonly set?: JsonObject | undefined;
  /** What the state is given that the fork goes on with; in front of all states, the input of the run. */
  readonly input?: Json | undefined;
}

/** A run as it was at some event, fit to go on from. */
export interface RunCut {
  readonly state: StartedRun;
  /** The version of the run: the last event that it holds. */
  readonly version: number;
  /** Whether events were left out with which states failed or were given up: those states begin anew. */
  readonly isTornDown: boolean;
}

export const initialState: RunState = { status: 'new' };
