import type { Logger } from './logger.js';

const contextOf = (rest: readonly unknown[]): { context?: string } => {
  const last = rest.at(-1);
  return typeof last === 'string' ? { context: last } : {};
};

type Tell = (message: unknown, ...rest: unknown[]) => void;
/** What Nest asks of a logger, said here so that nobody needs Nest who only logs. */
type NestLogger = Readonly<Record<'log' | 'error' | 'warn' | 'debug' | 'verbose' | 'fatal', Tell>>;

/** Gives Nest our logger. What the framework tells about its own start is of interest only when something is wrong with it: debug. */
export function nestLogger(log: Logger): NestLogger {
  const at =
    (level: 'fatal' | 'error' | 'warn' | 'debug' | 'trace') =>
    (message: unknown, ...rest: unknown[]): void => {
      if (message instanceof Error) log[level]({ ...contextOf(rest), err: message }, message.message);
      else log[level](contextOf(rest), String(message));
    };
  const error = (message: unknown, ...rest: unknown[]): void => {
    // Nest passes (message, stack, context), and in some places the stack alone.
    const stack = rest.find((part) => typeof part === 'string' && part.includes('\n    at '));
    const others = rest.filter((part) => part !== stack);
    if (stack === undefined || message instanceof Error) at('error')(message, ...others);
    else log.error({ ...contextOf(others), stack }, String(message));
  };
  return { log: at('debug'), error, warn: at('warn'), debug: at('debug'), verbose: at('trace'), fatal: at('fatal') };
}
