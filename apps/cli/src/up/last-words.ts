/** How much of the end of a process's stderr is kept to quote from. */
const KEPT_CHARACTERS = 8_192;

export const keepTail = (tail: string, text: string): string => (tail + text).slice(-KEPT_CHARACTERS);

const isStackLine = (line: string): boolean =>
  /^\s+at /.test(line) || /^\s*[{}[\]]/.test(line) || /^Node\.js v/.test(line);

/**
 * The sentence a process left on stderr before it ended: what a service of ours says of itself (`baton <name>: …`), else the
 * last line that is not part of a stack trace. Null where it left none.
 */
export function lastWordsOf(stderr: string): string | null {
  const lines = stderr
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '');
  const own = lines.findLast((line) => /^baton [a-z-]+: ./.test(line));
  if (own !== undefined) return own.replace(/^baton [a-z-]+: /, '');
  return lines.findLast((line) => !isStackLine(line))?.trim() ?? null;
}

/** `ended with code 1`, `was killed by SIGKILL`. */
export const describeExit = ({
  code,
  signal,
}: {
  readonly code: number | null;
  readonly signal: string | null;
}): string => (signal === null ? `ended with code ${code ?? 'unknown'}` : `was killed by ${signal}`);
