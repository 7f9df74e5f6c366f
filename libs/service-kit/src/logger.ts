import { type DestinationStream, destination, type Logger, pino, stdTimeFunctions } from 'pino';
import type { LogLevel } from './env.js';

export type { Logger };

/**
 * One JSON object a line on standard output. Object first, then the sentence: `log.info({ runId }, 'run started')`; ids always,
 * payloads never. Lines are written before the call returns, so the last words of a process that exits are not lost.
 */
export function createLogger(
  options: { readonly name: string; readonly level: LogLevel },
  stream: DestinationStream = destination({ fd: 1, sync: true }),
): Logger {
  const { name, level } = options;
  return pino(
    { name, level, timestamp: stdTimeFunctions.isoTime, formatters: { level: (label) => ({ level: label }) } },
    stream,
  );
}
