import pc from 'picocolors';
import type { Io, Sink } from '../output.js';

export interface RecordedIo extends Io {
  readonly stdout: () => string;
  readonly stderr: () => string;
}

/** Streams that remember. Without `isTerminal` they are pipes. */
export function recordedIo(
  options: { readonly isTerminal?: boolean; readonly stdin?: string; readonly width?: number } = {},
): RecordedIo {
  const { isTerminal = false, stdin = '' } = options;
  const texts = { out: '', err: '' };
  const sink = (name: 'out' | 'err'): Sink => ({
    write: (text) => {
      texts[name] += text;
    },
    move: (sequence) => {
      if (isTerminal) texts[name] += sequence;
    },
    isTerminal,
    columns: 100,
    width: options.width ?? Number.POSITIVE_INFINITY,
    colors: pc.createColors(isTerminal),
  });
  return {
    out: sink('out'),
    err: sink('err'),
    callName: 'baton',
    readStdin: async () => Buffer.from(stdin),
    stdout: () => texts.out,
    stderr: () => texts.err,
  };
}
