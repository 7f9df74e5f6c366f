/** What every error of Baton carries: a stable `code` and what the reader can do next. */
export interface ErrorDetails {
  readonly code: string;
  /** One sentence: the next step for the person who reads it. */
  readonly next?: string;
  readonly cause?: unknown;
}

/** An expected failure with a stable code: wrong configuration, wrong input, a missing thing. */
export class BatonError extends Error {
  readonly code: string;
  readonly next: string | undefined;

  constructor(message: string, details: ErrorDetails) {
    super(message, { cause: details.cause });
    this.name = new.target.name;
    this.code = details.code;
    this.next = details.next;
  }
}

/** A retry cannot help: the message goes to the dead letter with its reason. */
export class TerminalError extends BatonError {}

/** A retry can help, after `retryAfterMs` milliseconds. */
export class RetryableError extends BatonError {
  readonly retryAfterMs: number;

  constructor(message: string, details: ErrorDetails & { readonly retryAfterMs: number }) {
    super(message, details);
    this.retryAfterMs = details.retryAfterMs;
  }
}

/**
 * Turns anything thrown into an Error whose name and message are text. Called once, at the border where it was caught. Never
 * throws: what cannot be read is left out.
 */
export function toError(thrown: unknown): Error {
  if (isSound(thrown)) return thrown;
  return new Error(
    typeof thrown === 'string' ? thrown : (readText(thrown) ?? 'something that cannot be read was thrown'),
  );
}

/** An error can be made to hold anything, and to throw where one looks. */
function isSound(thrown: unknown): thrown is Error {
  try {
    if (!(thrown instanceof Error)) return false;
    return [thrown.name, thrown.message, thrown.stack ?? ''].every((text) => typeof text === 'string');
  } catch {
    return false;
  }
}

function readText(thrown: unknown): string | null {
  try {
    return (thrown instanceof Error ? JSON.stringify(thrown.message) : JSON.stringify(thrown)) ?? String(thrown);
  } catch {
    return shownText(thrown);
  }
}

/** For what is no JSON: a cycle, a bigint. */
function shownText(thrown: unknown): string | null {
  try {
    return String(thrown);
  } catch {
    return null;
  }
}

/** The error as one line for a person: what is wrong, then what to do. */
export function describeError(error: Error): string {
  const next = error instanceof BatonError ? error.next : undefined;
  return next === undefined ? error.message : `${error.message} ${next}`;
}

/** Error names a state machine can match in Retry and Catch, beyond those of the language (`States.*`). */
export const BatonErrorName = {
  invalidOutput: 'Baton.InvalidOutput',
  /** The arguments of a task are none that its worker can read. */
  invalidInput: 'Baton.InvalidInput',
  modelRefused: 'Baton.ModelRefused',
  modelUnavailable: 'Baton.ModelUnavailable',
  /** A server whose tools the operator says are needed is away. */
  serverUnavailable: 'Baton.ServerUnavailable',
  workerCrashed: 'Baton.WorkerCrashed',
  notConverged: 'Baton.NotConverged',
  cancelled: 'Baton.Cancelled',
  rejected: 'Baton.Rejected',
  /** A task asks a person, and nobody may be asked. */
  asksPerson: 'Baton.AsksPerson',
  /** What a person handed in for a task does not fit it: the task waits on, for something better. */
  handInRefused: 'Baton.HandInRefused',
  /** The policy of an approval cannot be met, or is none. */
  invalidPolicy: 'Baton.InvalidPolicy',
  /** Nothing is left of a budget, and nobody gave more. */
  budgetExhausted: 'Baton.BudgetExhausted',
  /** An advisor or a person decided that the run does not go on. */
  abandoned: 'Baton.Abandoned',
  noAdvisor: 'Baton.NoAdvisor',
  /** A child run could not begin: no such workflow, an input that does not fit, or too many runs inside one another. */
  childNotStarted: 'Baton.ChildNotStarted',
  /** Nobody approved what a task would deploy, or something else was approved. */
  notApproved: 'Baton.NotApproved',
  /** The command that deploys failed, or could not be run. */
  deployFailed: 'Baton.DeployFailed',
  /** The command that deploys was begun, and nobody knows how it ended. A person has to look. */
  deployUnknown: 'Baton.DeployUnknown',
} as const;

export function assertNever(value: never): never {
  throw new Error(`unexpected value ${JSON.stringify(value)}`);
}
