import { StringDecoder } from 'node:string_decoder';
import { printable } from '../table.js';
import type { RotatingLog } from './rotating-log.js';

/** Gives whole lines, however the chunks of a pipe were cut. */
export function lineSplitter(onLine: (line: string) => void): { write(chunk: Buffer): void; end(): void } {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  const take = (text: string): void => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  };
  return {
    write: (chunk) => take(decoder.write(chunk)),
    end: () => {
      take(decoder.end());
      if (rest !== '') onLine(rest);
      rest = '';
    },
  };
}

const isJsonObject = (line: string): boolean => line.startsWith('{') && line.endsWith('}');

/** A line of a service as JSON: its log lines are JSON already, and what it writes to stderr is wrapped. */
export const asJsonLine = (service: string, line: string, time: string): string =>
  isJsonObject(line) ? line : JSON.stringify({ level: 'error', time, name: service, msg: line });

/** What a log line has to say to whoever started the service; null for most. */
export function noticeIn(line: string): string | null {
  // Most lines are no notice, and reading JSON costs more than looking.
  if (!isJsonObject(line) || !line.includes('"notice"')) return null;
  try {
    const parsed: unknown = JSON.parse(line);
    const notice = typeof parsed === 'object' && parsed !== null && 'notice' in parsed ? parsed.notice : null;
    return typeof notice === 'string' ? printable(notice) : null;
  } catch {
    return null;
  }
}

export interface OutputTargets {
  readonly log: Pick<RotatingLog, 'write'>;
  /** Told every line as JSON, when somebody wants them on stdout, too. */
  readonly onJsonLine: ((line: string) => void) | null;
  /** Told what a service has to say to whoever started it. */
  readonly onNotice: (notice: string) => void;
  /** Told once when the log cannot be written, such as on a full disk: the service goes on without it. */
  readonly onLogLost: (reason: string) => void;
  readonly nowIso: () => string;
}

/** Where the output of one service goes. */
export function serviceOutput(service: string, targets: OutputTargets): (line: string) => void {
  let isLost = false;
  return (line) => {
    targets.onJsonLine?.(asJsonLine(service, line, targets.nowIso()));
    const notice = noticeIn(line);
    if (notice !== null) targets.onNotice(notice);
    if (isLost) return;
    try {
      targets.log.write(`${line}\n`);
    } catch (thrown) {
      isLost = true;
      targets.onLogLost(thrown instanceof Error ? thrown.message : String(thrown));
    }
  };
}
