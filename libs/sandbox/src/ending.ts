import type { ExecutionRecord } from './sandbox.js';

/** One line for people on how a command ended before its time; null where it ended by itself. */
export function endingOf({ stopped, signal, limits }: ExecutionRecord): string | null {
  switch (stopped) {
    case 'time':
      return `it was stopped after ${limits.wallMs / 1000} s, its time limit`;
    case 'output':
      return `it was stopped because it printed more than ${limits.outputBytes} bytes`;
    case 'memory':
      return `it was stopped because it took more than ${limits.memoryMb} MB of memory`;
    case 'disk':
      return `it was stopped because it left more than ${limits.diskMb} MB or ${limits.files} files, or some that nobody can look into`;
    case 'processes':
      return `it was stopped because it had ${limits.processes} processes and threads, all that it may have`;
    case 'aborted':
      return 'it was stopped because nobody waits for it any more';
    case null:
      break;
  }
  if (signal === 'SIGXCPU') return `it was ended after ${limits.cpuSeconds} s of processor time, its limit`;
  if (signal === 'SIGXFSZ') return `it was ended because a file grew above ${limits.fileSizeMb} MB, its limit`;
  return signal === null ? null : `it was ended by ${signal}, as happens at a limit of memory or processor time`;
}
