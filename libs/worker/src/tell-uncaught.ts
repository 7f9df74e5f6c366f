import { type BatonError, describeError, RetryableError } from '@baton/contracts';
import { EXIT_TRY_AGAIN } from '@baton/service-kit';

/** An error that nobody catches is thrown again within a turn or two of the event loop. */
const WINDOW_MS = 100;

/**
 * Ends the process with one sentence on standard error where nobody catches this error, instead of Node's trace: that a
 * variable is missing or a server away is nothing to debug. Whoever catches it hears nothing of this, and a process that
 * listens for uncaught exceptions itself is left to it. Exit code 75 where another try can help, else 1.
 */
export function tellWhereUncaught(name: string, error: BatonError): void {
  if (process.listenerCount('uncaughtException') > 0) return;
  const tell = (thrown: unknown): void => {
    if (thrown !== error) throw thrown;
    process.stderr.write(`baton ${name}: ${describeError(error)}\n`);
    process.exit(error instanceof RetryableError ? EXIT_TRY_AGAIN : 1);
  };
  process.on('uncaughtException', tell);
  setTimeout(() => process.off('uncaughtException', tell), WINDOW_MS).unref();
}
