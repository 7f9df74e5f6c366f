const MOST_LINES = 400;
const MOST_CHARACTERS = 24_000;
const LONGEST_LINE = 2_000;

/** What `numberedLines` shows at once, for the description of a tool. */
export const LINES_AT_ONCE = `at most ${MOST_LINES} lines or ${MOST_CHARACTERS} characters at once`;
/** The most characters that one outcome shows. */
export const MOST_SHOWN_CHARACTERS = MOST_CHARACTERS;

/** Lines with their numbers from 1, cut to a bound, with the way to the rest. */
export function numberedLines(name: string, lines: readonly string[], from: number, to: number): string {
  const shown: string[] = [];
  let characters = 0;
  let line = from;
  for (; line <= to && shown.length < MOST_LINES && characters < MOST_CHARACTERS; line += 1) {
    const numbered = `${line}\t${clipLine(lines[line - 1] ?? '')}`;
    characters += numbered.length + 1;
    shown.push(numbered);
  }
  if (line <= lines.length && (to === lines.length || line <= to))
    shown.push(`… ${name} has ${lines.length} lines: read on from line ${line}`);
  return shown.join('\n');
}

export const clipLine = (line: string): string =>
  line.length <= LONGEST_LINE ? line : `${line.slice(0, LONGEST_LINE).toWellFormed()} … [${line.length} characters]`;
