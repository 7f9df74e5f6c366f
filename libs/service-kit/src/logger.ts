import { type DestinationStream, destination, type Logger, pino, stdTimeFunctions } from 'pino';
import { type LogLevel, readSecrets } from './env.js';

export type { Logger };

/**
 * One JSON object a line on standard output. Object first, then the sentence: `log.info({ runId }, 'run started')`; ids always,
 * payloads never. Lines are written before the call returns, so the last words of a process that exits are not lost. The
 * secrets of the environment are cut out of each line.
 */
export function createLogger(
  options: {
    readonly name: string;
    readonly level: LogLevel;
    /** What each line has of the work that it is written in: the trace, where there is one. */
    readonly idsOfWork?: () => object;
  },
  stream: DestinationStream = destination({ fd: 1, sync: true }),
): Logger {
  const { name, level, idsOfWork } = options;
  const cut = readSecrets();
  return pino(
    {
      name,
      level,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      ...(idsOfWork === undefined ? {} : { mixin: () => idsOfWork() }),
    },
    { write: (line) => stream.write(cut(line)) },
  );
}
