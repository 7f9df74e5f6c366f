import { GatewayRefused } from '@baton/client';
import { BatonError } from '@baton/contracts';

/** What the process says to scripts when it ends. Part of the public surface: numbers never change their meaning. */
export const ExitCode = {
  ok: 0,
  error: 1,
  usage: 2,
  notFound: 3,
  notAllowed: 4,
  runFailed: 5,
  runCancelled: 6,
  waitTimedOut: 7,
  waitingForApproval: 8,
  verificationMismatch: 9,
  interrupted: 130,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** The command line, or what it points at, is wrong: nothing was sent anywhere. */
export class UsageError extends BatonError {
  constructor(message: string, next: string, cause?: unknown) {
    super(message, { code: 'usage', next, cause });
  }
}

/** Somebody pressed Ctrl-C; `next` says how to come back. */
export class Interrupted extends BatonError {
  constructor(message: string, next: string) {
    super(message, { code: 'interrupted', next });
  }
}

/** What was named on the command line is not there, and that is known here. */
export class NotFound extends BatonError {
  constructor(message: string, next: string) {
    super(message, { code: 'not-found', next });
  }
}

/** The command waits no longer; the run goes on. `next` says what to do about that. */
export class StillWaiting extends BatonError {
  readonly exitCode: ExitCode;

  constructor(what: 'approval' | 'time', message: string, next: string) {
    super(message, { code: what === 'approval' ? 'waiting-for-approval' : 'wait-timed-out', next });
    this.exitCode = what === 'approval' ? ExitCode.waitingForApproval : ExitCode.waitTimedOut;
  }
}

/** The run the command followed did not succeed. */
export class RunEnded extends BatonError {
  readonly exitCode: ExitCode;

  constructor(how: 'failed' | 'cancelled' | 'rejected', message: string, next: string) {
    super(message, { code: `run-${how}`, next });
    this.exitCode = how === 'failed' ? ExitCode.runFailed : ExitCode.runCancelled;
  }
}

/** The log is not what it was when it was written. */
export class VerificationMismatch extends BatonError {
  constructor(problem: string) {
    super(`The log did not verify: ${problem}`, {
      code: 'verification-mismatch',
      next: 'Keep the database as it is and find out who changed it.',
    });
  }
}

/** Codes for "the thing you named is not there" that come with a status other than 404. */
const NOT_FOUND_CODES: ReadonlySet<string> = new Set(['unknown-workflow', 'run-not-found']);

function exitCodeOfRefusal({ status, code }: GatewayRefused): ExitCode {
  if (code === 'run-rejected') return ExitCode.runCancelled;
  if (status === 404 || NOT_FOUND_CODES.has(code)) return ExitCode.notFound;
  if (code === 'run-id-ambiguous' || code === 'webhook-id-ambiguous') return ExitCode.usage;
  // The command line is right; what it names is not.
  if (code === 'workflow-invalid') return ExitCode.error;
  if (status === 401 || status === 403) return ExitCode.notAllowed;
  return status === 400 || status === 413 || status === 422 ? ExitCode.usage : ExitCode.error;
}

export function exitCodeOf(error: Error): ExitCode {
  if (error instanceof UsageError) return ExitCode.usage;
  if (error instanceof Interrupted) return ExitCode.interrupted;
  if (error instanceof NotFound) return ExitCode.notFound;
  if (error instanceof RunEnded || error instanceof StillWaiting) return error.exitCode;
  if (error instanceof VerificationMismatch) return ExitCode.verificationMismatch;
  if (error instanceof GatewayRefused) return exitCodeOfRefusal(error);
  return ExitCode.error;
}
