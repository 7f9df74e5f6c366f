import { extname } from 'node:path';
import type { Json } from '@baton/contracts';
import { type BlobStore, getFile, getTree, textOf } from '@baton/workspace';
import { CsvError } from 'csv-parse';
import { parse } from 'csv-parse/sync';
import type { TableArguments } from '../../task/job-arguments.js';
import { invalidInput, type OrFailure } from '../../task/or-failure.js';

const SEPARATORS: Readonly<Record<string, string>> = { '.csv': ',', '.tsv': '\t' };
const MOST_ROWS = 1_000;

type Row = Readonly<Record<string, string | number | null>>;

/** The rows of a table of the workspace: a cell that is written as a number is one, an empty cell is null. */
export async function readTable(
  { table, workspace }: TableArguments,
  store: BlobStore,
): Promise<OrFailure<{ readonly rows: readonly Row[] }>> {
  const separator = SEPARATORS[extname(table).toLowerCase()];
  if (separator === undefined) return invalidInput(`${table} is no table: name a file that ends in .csv or .tsv.`);
  const file = (await getTree(store, workspace.tree)).find(({ path }) => path === table);
  const text = file === undefined ? null : textOf(await getFile(store, file));
  if (text === null) return invalidInput(`The workspace has no ${table} that is text.`);
  try {
    const rows: readonly Record<string, string>[] = parse(text, {
      bom: true,
      columns: true,
      delimiter: separator,
      skip_empty_lines: true,
      trim: true,
    });
    if (rows.length === 0) return invalidInput(`${table} has no row beneath its first line, which names the columns.`);
    if (rows.length > MOST_ROWS)
      return invalidInput(`${table} has ${rows.length} rows; at most ${MOST_ROWS} are read.`);
    return { ok: true, value: { rows: rows.map(cellsOf) } };
  } catch (thrown) {
    if (!(thrown instanceof CsvError)) throw thrown;
    return invalidInput(`${table} cannot be read: ${thrown.message}`);
  }
}

const cellsOf = (row: Readonly<Record<string, string>>): Row =>
  Object.fromEntries(Object.entries(row).map(([name, text]) => [name, cellOf(text)]));

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d{1,2})?$/;

/** What has leading zeros is a name, such as a postal code. */
const cellOf = (text: string): Exclude<Json, object | boolean> =>
  text === '' ? null : NUMBER.test(text) ? Number(text) : text;
