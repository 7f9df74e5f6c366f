import { BatonError, RetryableError, toError } from '@baton/contracts';

export const stopping = (): RetryableError =>
  new RetryableError('The orchestrator is stopping.', { code: 'hub-stopping', retryAfterMs: 1_000 });

export const tooManyAbsent = (): RetryableError =>
  new RetryableError('Too many runs wait for expressions that take their time.', {
    code: 'expressions-busy',
    retryAfterMs: 3_000,
  });

/** Values that cannot be written at all, today or tomorrow: the database said so, or they are too deep or long to be text. */
export const isOfTheMessage = (error: Error): boolean =>
  error instanceof RangeError ||
  (error instanceof BatonError && (error.code === 'invalid-append' || error.code === 'not-storable'));

export const asRetryable = (error: unknown): Error => {
  if (error instanceof RetryableError) return error;
  const cause = toError(error);
  return new RetryableError(`What was decided was not written: ${cause.message}`, {
    code: 'append-failed',
    retryAfterMs: 500,
    cause,
  });
};
