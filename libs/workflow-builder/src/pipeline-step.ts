import type { Retrier } from '@baton/asl';
import type { Json, JsonObject } from '@baton/contracts';

/** A text that is evaluated when the run comes to it: JSONata between `{%` and `%}`. */
export type Expression = `{%${string}%}`;

/** The workers that ship, and those of one's own. */
export type WorkerName =
  | 'prompt'
  | 'planner'
  | 'validator'
  | 'programmer'
  | 'tester'
  | 'deployer'
  | 'approval'
  | (string & {});

/**
 * One step of a chain: work for one worker, and where to go when it succeeds or fails. Wherever JSON stands, a text
 * `{% … %}` is an expression; it sees `$input`, what the run was started with, and the variable of each earlier step.
 */
export interface PipelineStep<Name extends string = string> {
  /** The name of the state, and of the step in every view. */
  readonly name: Name;
  /** The kind of worker: its tasks are on the queue `worker-<kind>`. `approval` asks a person instead. */
  readonly worker: WorkerName;
  /** The step is passed by where this does not hold; its variable is null then. Default: it is always done. */
  readonly when?: Expression;
  /** For people. Default: the name. */
  readonly title?: string;
  /** The id of a prompt template, which becomes the argument `template`. */
  readonly template?: string;
  /** What the worker is given. Default: nothing, `{}`. */
  readonly arguments?: JsonObject;
  /** JSON Schema of the answer; becomes the argument `output`, to which the prompt worker holds the model. */
  readonly output?: JsonObject;
  /** The variable that keeps the result. Default: the name in camel case, so `TrainModel` gives `$trainModel`. */
  readonly as?: string;
  /** What of the result is kept. Default: all of it, `{% $states.result %}`. */
  readonly keep?: Json;
  /** More variables to set once the step has its result. */
  readonly assign?: JsonObject;
  /** Holds for one attempt, its wait in the queue included. Default: what the pipeline says. */
  readonly timeoutSeconds?: number | Expression;
  readonly heartbeatSeconds?: number | Expression;
  /** Which errors are tried again, and how. Default: what the pipeline says. Not together with `maxRetries`. */
  readonly retry?: readonly Retrier[];
  /** Short for a `retry` of this many attempts on any error; 0 for none. */
  readonly maxRetries?: number;
  /** Whether the result is good enough; where it is not, the step has failed. It sees the step's own variable. */
  readonly passes?: Expression;
  /** The cause of the failure where the result does not pass; text, or an expression. Default: names the condition. */
  readonly whyNot?: string;
  /** A later step, or `succeed`, the end. Default: the step that follows. */
  readonly onSuccess?: NoInfer<Name> | 'succeed';
  /**
   * Where to go once retries are used up or the result does not pass: any step, or `fail`, the end. `$failure` then has
   * the `Error` and the `Cause`. Default: `fail`.
   */
  readonly onFailure?: NoInfer<Name> | 'fail';
  /** How often `onFailure` may lead back, to this step or an earlier one, before the run fails. Default 3. */
  readonly maxReturns?: number | Expression;
}

/** The workflow around the chain. */
export interface PipelineFacts {
  /** Kebab-case. */
  readonly name: string;
  /** Three numbers; what is published under a version never changes. */
  readonly version: string;
  readonly title: string;
  readonly description?: string;
  /** JSON Schema of the run's input. A `default` of one of its properties is filled in where the input leaves it out. */
  readonly input?: JsonObject;
  /** What the run gives. Default: the variable of the last step. */
  readonly output?: Json;
  /** For each step that says nothing else. Default 900. */
  readonly timeoutSeconds?: number | Expression;
  /** For each step that says nothing else. Default: `TRANSIENT`. */
  readonly retry?: readonly Retrier[];
  readonly budget?: {
    readonly usd?: number;
    readonly tokens?: number;
    /** An ISO 8601 duration, such as `PT2H`. */
    readonly wallClock?: string;
  };
}

/** What may be gone a moment later, and an answer that is worth asking for again. */
export const TRANSIENT: readonly Retrier[] = [
  {
    ErrorEquals: ['Baton.ModelUnavailable', 'Baton.WorkerCrashed'],
    IntervalSeconds: 2,
    BackoffRate: 2,
    MaxDelaySeconds: 60,
    MaxAttempts: 5,
    JitterStrategy: 'FULL',
  },
  { ErrorEquals: ['Baton.InvalidOutput'], IntervalSeconds: 1, MaxAttempts: 1 },
];
