import { type DestinationStream, destination, type Logger, pino, stdTimeFunctions } from 'pino';
import { type LogLevel, readSecrets } from './env.js';

export type { Logger };

/**
 * One JSON object a line on standard output. Object first, then the sentence: `log.info({ runId }, 'run started')`; ids always,
 * payloads never. Lines are written before the call returns, so the last words of a process that exits are not lost. The
 * secrets of the environment are cut out of each line.
 */
export function createLogger(
  options: { readonly name: string; readonly level: LogLevel },
  stream: DestinationStream = destination({ fd: 1, sync: true }),
): Logger {
  const { name, level } = options;
  const cut = readSecrets();
  return pino(
    { name, level, timestamp: stdTimeFunctions.isoTime, formatters: { level: (label) => ({ level: label }) } },
    { write: (line) => stream.write(cut(line)) },
  );
}
