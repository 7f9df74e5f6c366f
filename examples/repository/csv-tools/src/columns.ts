import { CsvError } from './csv-error.ts';
import type { Table } from './table.ts';

export interface ColumnDescription {
  readonly name: string;
  /** `empty` where no row has a value. */
  readonly kind: 'number' | 'date' | 'text' | 'empty';
  /** Fields without a value. */
  readonly missing: number;
  /** Different values. */
  readonly distinct: number;
  /** The smallest and the largest value, of numbers and dates; null for others. */
  readonly range: readonly [string, string] | null;
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const DATE = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/;

/** What each column of a table holds. */
export const describeColumns = ({ columns, rows }: Table): readonly ColumnDescription[] =>
  columns.map((name, index) =>
    describe(
      name,
      rows.map((row) => row[index] ?? ''),
    ),
  );

function describe(name: string, fields: readonly string[]): ColumnDescription {
  const values = fields.filter((field) => field.trim() !== '');
  const kind = kindOf(values);
  return {
    name,
    kind,
    missing: fields.length - values.length,
    distinct: new Set(values).size,
    range: kind === 'number' || kind === 'date' ? rangeOf(values, kind) : null,
  };
}

function kindOf(values: readonly string[]): ColumnDescription['kind'] {
  if (values.length === 0) return 'empty';
  if (values.every((value) => NUMBER.test(value.trim()))) return 'number';
  return values.every((value) => DATE.test(value.trim())) ? 'date' : 'text';
}

function rangeOf(values: readonly string[], kind: 'number' | 'date'): readonly [string, string] {
  const isLess = (a: string, b: string): boolean => (kind === 'number' ? Number(a) < Number(b) : a < b);
  let [least = '', most = ''] = [values[0], values[0]];
  for (const value of values) {
    if (isLess(value, least)) least = value;
    if (isLess(most, value)) most = value;
  }
  return [least.trim(), most.trim()];
}

/** Some of the columns, in the order of `names`. Throws CsvError where one is not there. */
export function selectColumns({ columns, rows }: Table, names: readonly string[]): Table {
  const indexes = names.map((name) => {
    const index = columns.indexOf(name);
    if (index !== -1) return index;
    throw new CsvError('no-such-column', null, `There is no column ${name}; there are ${columns.join(', ')}.`);
  });
  return { columns: [...names], rows: rows.map((row) => indexes.map((index) => row[index] ?? '')) };
}
