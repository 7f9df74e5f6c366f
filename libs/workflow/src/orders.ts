import type { Evaluator, JsonObject } from '@baton/asl';
import type {
  Actor,
  ApprovalAnswer,
  CommandId,
  HandIn,
  Json,
  RequestId,
  Role,
  RunId,
  SignalName,
  SubmitRun,
  TaskAsks,
  TaskFacts,
} from '@baton/contracts';
import type { WorkflowDocument } from './document/workflow-document.js';
import type { Engine } from './engine.js';
import type { RunLimits } from './run-limits.js';
import type { CutChanges, ParentRun, RunCut } from './state/run-state.js';

/**
 * The run begins, and nothing of it is evaluated. `cancelled`: it was cancelled before, and ends at once. `held`: it is
 * paused at once, since its beginning did harm.
 */
interface InsteadOfBeginning {
  readonly requestId: RequestId;
  readonly reason: string;
}

/** What the hub is told to do with a run. Facts that would make `decide` impure (time, actor) come in `meta`. */
export type RunOrder =
  | {
      readonly type: 'StartRun';
      /** The input of a run may be any JSON; only what comes through the intake is always an object. */
      readonly submission: Omit<SubmitRun, 'input'> & { readonly runId: RunId; readonly input: Json };
      readonly document: WorkflowDocument;
      readonly sha256: string;
      /** The state of another run that asks for this one. */
      readonly parent?: ParentRun | undefined;
      readonly cancelled?: InsteadOfBeginning | undefined;
      readonly held?: InsteadOfBeginning | undefined;
    }
  /** Begins a run with the state of another. */
  | {
      readonly type: 'ForkRun';
      readonly requestId: RequestId;
      /** The new run. */
      readonly runId: RunId;
      readonly from: { readonly runId: RunId; readonly version: number };
      /** With the changes in it already: see `changedCut`. */
      readonly cut: RunCut;
      readonly changed?: CutChanges | undefined;
      readonly labels: Readonly<Record<string, string>>;
      readonly cancelled?: InsteadOfBeginning | undefined;
      readonly held?: InsteadOfBeginning | undefined;
    }
  | ({
      readonly type: 'CompleteTask';
      readonly commandId: CommandId;
      readonly output: Json;
      readonly byToken?: RequestId | undefined;
    } & TaskFacts)
  | ({
      readonly type: 'FailTask';
      readonly commandId: CommandId;
      readonly error: string;
      readonly cause: string;
      readonly retryable: boolean;
      /** There where it is not the worker that says so, but whoever was given the token of the task: the request. */
      readonly byToken?: RequestId | undefined;
      /** There where it asks a person instead. */
      readonly asks?: TaskAsks | undefined;
    } & TaskFacts)
  /** Nobody who could advise has given a sign of life: a run whose mode is `auto` goes on by its rules. */
  | { readonly type: 'LeaveUnadvised'; readonly commandId: CommandId }
  /** The deadline of a task passed, or a timer is due. `isSilent`: no heartbeat came in time. */
  | { readonly type: 'ExpireCommand'; readonly commandId: CommandId; readonly isSilent?: boolean }
  | { readonly type: 'PauseRun'; readonly requestId: RequestId; readonly reason: string }
  | { readonly type: 'ResumeRun'; readonly requestId: RequestId; readonly runId: RunId }
  /** What a person thinks of it. Taken of any run that has begun. */
  | {
      readonly type: 'RateRun';
      readonly requestId: RequestId;
      readonly score: number;
      readonly note: string;
      readonly decisionId?: string | undefined;
      readonly state?: string | undefined;
    }
  | {
      readonly type: 'SignalRun';
      readonly requestId: RequestId;
      readonly runId: RunId;
      readonly name: SignalName;
      readonly data: Json;
    }
  | {
      readonly type: 'DecideApproval';
      readonly requestId: RequestId;
      readonly approvalId: CommandId;
      readonly decision: ApprovalAnswer;
      readonly comment: string;
      /** What the person saw; an answer about anything else has no effect. */
      readonly sha256?: string | undefined;
      /** One of the moves that were offered. */
      readonly move?: string | undefined;
      /** What is handed in for a task that a person does by hand. */
      readonly output?: Json | undefined;
      readonly workspace?: HandIn['workspace'] | undefined;
      /** The roles of whoever answers, as far as somebody vouches for them. */
      readonly roles?: readonly Role[] | undefined;
    }
  /** Takes a failed run up again. `failedAt`: how many events it had when the cut was made. */
  | {
      readonly type: 'RetryRun';
      readonly requestId: RequestId;
      readonly runId: RunId;
      readonly reason: string;
      readonly cut: RunCut;
      readonly failedAt: number;
    }
  | { readonly type: 'CancelRun'; readonly requestId: RequestId; readonly reason: string };

export interface OrderMeta {
  /** The recorded time of the order: the only clock `decide` knows. Milliseconds since the epoch. */
  readonly nowMs: number;
  readonly actor: Actor;
  /**
   * The most bytes of a task's result, or of a state's output, as JSON in UTF-8; more is States.DataLimitExceeded.
   * No limit where it is absent.
   */
  readonly maxPayloadBytes?: number | undefined;
  /**
   * Where expressions and paths are evaluated; in place where it is absent, for as long as they take. It may be anywhere, as
   * long as it gives what that would: nothing of a decision shows where it was.
   */
  readonly evaluator?: Evaluator | undefined;
  /** How much a run may do before it is taken for one that does not end. */
  readonly limits?: RunLimits | undefined;
  /** What the log says decided, where an order of a log is decided again: null where it does not say. */
  readonly engine?: Engine | null | undefined;
  /**
   * At which event of the run, by its own count, the turn had done enough, where it is decided again: what that was measured
   * by, nobody can measure again. Null: it had not. Absent: when it has.
   */
  readonly endsAt?: number | null | undefined;
  /** Laid over the context object of its states; for tests of one that stands inside others. */
  readonly context?: JsonObject | undefined;
}
