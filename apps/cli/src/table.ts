/** Control characters would let data move the cursor of the reader's terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u001f\u007f-\u009f]+/g;

/** They turn the order of the letters around, so that a line reads otherwise than it is. */
const TURNING = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

const named = (character: string): string =>
  `<U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}>`;

/** With what turns the order of letters around shown by its number. */
export const inOrder = (text: string): string => text.replace(TURNING, named);

export const printable = (text: string): string => inOrder(text.replace(CONTROL, ' '));

/** Between two columns. */
const GAP = 2;
/** A column of text that is narrower than this is not read but deciphered. */
const READABLE = 20;

/** Lines of at most `width` characters, broken between words. A longer word stays whole: half an id is of no use to anybody. */
export function wrapWords(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** Not spread into Math.max: a list may have more rows than a call may have arguments. */
const widest = (lengths: readonly number[]): number => lengths.reduce((most, length) => Math.max(most, length), 0);

const padded = (cells: readonly string[], widths: readonly number[]): string =>
  cells
    .map((cell, column) => cell.padEnd(widths[column] ?? 0))
    .join(' '.repeat(GAP))
    .trimEnd();

/**
 * Columns by spaces, as greppable as `ps`: no frame, the last column as long as it is. Where that is more than `width`, the
 * last column is wrapped; where even that is too narrow to be read, each row becomes a block of `heading  value` lines.
 */
export function formatTable(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  width: number = Number.POSITIVE_INFINITY,
): readonly string[] {
  const table = [headings, ...rows].map((row) => row.map(printable));
  const widths = headings.map((_, column) => widest(table.map((row) => row[column]?.length ?? 0)));
  const before = widths.slice(0, -1).reduce((sum, each) => sum + each + GAP, 0);
  const last = widths.at(-1) ?? 0;
  if (before + last <= width) return table.map((row) => padded(row, widths));
  if (width - before >= READABLE) return table.flatMap((row) => wrappedRow(row, widths, width - before));
  return formatBlocks(headings, table.slice(1), width);
}

function wrappedRow(row: readonly string[], widths: readonly number[], lastWidth: number): readonly string[] {
  const [first = '', ...more] = wrapWords(row.at(-1) ?? '', lastWidth);
  const blank = row.slice(0, -1).map(() => '');
  return [[...row.slice(0, -1), first], ...more.map((line) => [...blank, line])].map((cells) => padded(cells, widths));
}

/** A row after the other, each as facts; what is empty is left out. */
function formatBlocks(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  width: number,
): readonly string[] {
  return rows.flatMap((row, index) => {
    const facts = headings.flatMap((heading, column): readonly (readonly [string, string])[] => {
      const cell = row[column] ?? '';
      return cell === '' || cell === '-' ? [] : [[heading.toLowerCase(), cell]];
    });
    return [...(index === 0 ? [] : ['']), ...formatFacts(facts, width)];
  });
}

/** `name  value` lines with the values in one column, wrapped where they would be wider than `width`. */
export function formatFacts(
  facts: readonly (readonly [string, string])[],
  width: number = Number.POSITIVE_INFINITY,
): readonly string[] {
  const names = widest(facts.map(([name]) => name.length));
  const left = Math.max(READABLE, width - names - GAP);
  return facts.flatMap(([name, value]) =>
    wrapWords(printable(value), left).map((line, index) => padded([index === 0 ? name : '', line], [names, 0])),
  );
}
