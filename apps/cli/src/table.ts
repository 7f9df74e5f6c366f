/** Control characters would let data move the cursor of the reader's terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u001f\u007f-\u009f]+/g;

export const printable = (text: string): string => text.replace(CONTROL, ' ');

/** Columns by spaces, as greppable as `ps`: no frame, the last column as long as it is. */
export function formatTable(headings: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const table = [headings, ...rows].map((row) => row.map(printable));
  const widths = headings.map((_, column) => widest(table.map((row) => row[column]?.length ?? 0)));
  return table.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** Not spread into Math.max: a list may have more rows than a call may have arguments. */
const widest = (lengths: readonly number[]): number => lengths.reduce((most, length) => Math.max(most, length), 0);

/** `name  value` lines with the values in one column. */
export const formatFacts = (facts: readonly (readonly [string, string])[]): readonly string[] => {
  const width = widest(facts.map(([name]) => name.length));
  return facts.map(([name, value]) => `${name.padEnd(width)}  ${printable(value)}`.trimEnd());
};
