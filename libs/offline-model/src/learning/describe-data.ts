import { z } from 'zod';
import { counted, countsOf, isMissing } from './count.js';
import { type Cell, type Column, type DataReport, Row } from './shapes.js';

export const DescribeData = z.object({ goal: z.string(), target: z.string(), rows: z.array(Row) });

/** The columns of a table as they are: what they hold, what is missing, and what keeps the table from being learnt from. */
export function describeData({ target, rows }: z.infer<typeof DescribeData>): DataReport {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter((name) => name !== target);
  const labels = rows.map((row) => row[target] ?? null).filter((label) => !isMissing(label));
  const classes = countsOf(labels);
  const columns = names.map((name) => columnOf(name, rows));
  const problems = [
    ...(labels.length < rows.length
      ? [`${counted(rows.length - labels.length, 'row')} without ${target}: nothing can be learnt from that.`]
      : []),
    ...(classes.length < 2 ? [`${target} has fewer than two values: there is nothing to tell apart.`] : []),
    ...(classes.length > 20 ? [`${target} has ${classes.length} values, which is much for a class.`] : []),
    ...(rows.length < 40 ? [`${rows.length} rows are few; what holds for them may not hold for others.`] : []),
    ...columns.filter(({ kind }) => kind === 'unusable').map(({ name, note }) => `${name}: ${note}`),
  ];
  return { rowCount: rows.length, columns, classes: classes.slice(0, 50), problems };
}

function columnOf(name: string, rows: readonly Row[]): Column {
  const cells = rows.map((row): Cell => row[name] ?? null).filter((cell) => !isMissing(cell));
  const missing = rows.length - cells.length;
  const distinct = new Set(cells).size;
  const isNumber = cells.length > 0 && cells.every((cell) => typeof cell === 'number');
  const reason = unusable({ isNumber, distinct, present: cells.length, missing });
  const kind = reason !== null ? 'unusable' : isNumber ? 'number' : 'category';
  const note = reason ?? (missing === 0 ? 'complete' : counted(missing, 'empty cell'));
  return { name, kind, missing, distinct, note };
}

function unusable(seen: { isNumber: boolean; distinct: number; present: number; missing: number }): string | null {
  const { isNumber, distinct, present, missing } = seen;
  if (missing > present) return 'more than half of its cells are empty';
  if (distinct < 2) return 'it says the same in every row';
  if (!isNumber && distinct * 2 > present) return 'nearly every row has another value, as an identifier has';
  return null;
}
