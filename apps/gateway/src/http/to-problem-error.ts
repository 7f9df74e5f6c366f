import { BatonError, RetryableError } from '@baton/contracts';
import { HttpException } from '@nestjs/common';
import { isDatabaseAway, isDatabaseReadOnly } from './database-away.js';
import { ProblemError } from './problem.js';

const RETRY_AFTER_SECONDS = '2';

/**
 * What the client is told of anything thrown while a request was served. Null: a mistake of ours, of which the client
 * learns no more than that it happened.
 */
export function toProblemError(thrown: unknown): ProblemError | null {
  if (thrown instanceof ProblemError) return thrown;
  if (isDatabaseReadOnly(thrown)) return databaseReadOnly(thrown);
  if (isDatabaseAway(thrown)) return databaseAway(thrown);
  if (thrown instanceof RetryableError) return awayForNow(thrown);
  if (thrown instanceof BatonError)
    return thrown.code === 'unknown-event-version' ? newerLog(thrown) : expected(thrown);
  if (thrown instanceof HttpException) return fromStatus(thrown.getStatus(), thrown.message);
  return fromFastify(thrown);
}

function databaseAway(cause: unknown): ProblemError {
  return new ProblemError('The database does not answer.', {
    status: 503,
    code: 'database-unreachable',
    next: 'Try again in a moment; the gateway goes on by itself once the database is back.',
    headers: { 'retry-after': RETRY_AFTER_SECONDS },
    cause,
  });
}

function databaseReadOnly(cause: unknown): ProblemError {
  return new ProblemError('The database only reads at the moment: nothing can be changed.', {
    status: 503,
    code: 'database-read-only',
    next: 'Try again in a moment; the gateway goes on by itself once the database can be written again.',
    headers: { 'retry-after': RETRY_AFTER_SECONDS },
    cause,
  });
}

/** Something else is away, such as the queue server: its error is written for people. */
function awayForNow(error: RetryableError): ProblemError {
  return new ProblemError(error.message, {
    status: 503,
    code: error.code,
    next: error.next ?? 'Try again in a moment.',
    headers: { 'retry-after': String(Math.ceil(error.retryAfterMs / 1000)) },
    cause: error,
  });
}

/** While a system is brought up to date: orchestrators of the next version write what the gateway of that version reads. */
const newerLog = (cause: BatonError): ProblemError =>
  new ProblemError(cause.message, {
    status: 503,
    code: cause.code,
    next: 'Try again in a moment, and start a gateway of the version that wrote it.',
    headers: { 'retry-after': RETRY_AFTER_SECONDS },
    cause,
  });

/** A failure that was foreseen: its sentence names what the operator has to do. */
const expected = (error: BatonError): ProblemError =>
  new ProblemError(error.message, {
    status: 500,
    code: error.code,
    next: error.next ?? 'Look at the log of the gateway.',
    cause: error,
  });

/** Fastify's own refusals come before any handler: the body could not be read, or the route does not exist. */
function fromFastify(thrown: unknown): ProblemError | null {
  if (!(thrown instanceof Error) || !('statusCode' in thrown)) return null;
  const status = Number(thrown.statusCode);
  return status >= 400 && status < 500 ? fromStatus(status, thrown.message) : null;
}

function fromStatus(status: number, message: string): ProblemError | null {
  switch (status) {
    case 400:
      return new ProblemError(`The request cannot be read: ${message}.`, {
        status,
        code: 'malformed-request',
        next: 'Send a JSON object as the body, encoded in UTF-8.',
      });
    case 404:
      return new ProblemError('There is nothing at this address.', {
        status,
        code: 'no-such-route',
        next: 'Check method and path; every resource is under /v1.',
      });
    case 413:
      return new ProblemError('The request body is larger than 1 MiB.', {
        status,
        code: 'body-too-large',
        next: 'Send less: put large material where the agents can read it and name the place in the input.',
      });
    case 414:
      return new ProblemError('The address of the request is too long.', {
        status,
        code: 'address-too-long',
        next: 'Give an id or a name as it is listed.',
      });
    case 415:
      return new ProblemError('The request body is of a type that is not understood.', {
        status,
        code: 'unsupported-media-type',
        next: 'Send the header Content-Type: application/json.',
      });
    default:
      if (status < 400 || status >= 500) return null;
      return new ProblemError(message, { status, code: 'bad-request', next: 'Correct the request.' });
  }
}
