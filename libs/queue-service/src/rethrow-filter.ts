import { BatonError } from '@baton/contracts';
import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import { type Observable, throwError } from 'rxjs';

/**
 * Hands errors of message handlers on as they are. Nest's own filter logs them and puts `Internal server error` in
 * their place, and with it goes the difference between an error that a retry can help and one it cannot.
 */
@Catch()
export class RethrowFilter implements ExceptionFilter<unknown> {
  catch(exception: unknown, host: ArgumentsHost): Observable<never> {
    // In a service that also answers HTTP this filter may be asked about a request; that is not its business.
    if (host.getType() !== 'rpc') throw exception;
    return throwError(() => exception);
  }
}

/** What a handler failed with, or an error that says that Nest's filter has hidden it. */
export function handlerError(thrown: unknown): unknown {
  if (!isHidden(thrown)) return thrown;
  return new BatonError('A message handler failed, and the reason is lost.', {
    code: 'handler-error-hidden',
    next: 'Create the service with createQueueService, or add RethrowFilter to its global filters.',
    cause: thrown,
  });
}

/** What is thrown may be a proxy that throws when it is looked at: then Nest has not made it. */
function isHidden(thrown: unknown): boolean {
  try {
    return typeof thrown === 'object' && thrown !== null && !(thrown instanceof Error) && 'status' in thrown;
  } catch {
    return false;
  }
}
