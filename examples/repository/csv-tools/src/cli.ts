#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { describeColumns, selectColumns } from './columns.ts';
import { CsvError } from './csv-error.ts';
import { formatCsv } from './format.ts';
import { parseCsv } from './parse.ts';

const USAGE = 'usage: csv-tools describe FILE | csv-tools select FILE COLUMN,COLUMN…';

/** Runs a command line. @returns what to print, and the exit code: 0, 1 for wrong data, 2 for wrong use */
export function run(
  args: readonly string[],
  read: (file: string) => string,
): { out: string; err: string; code: number } {
  const [command, file, names] = args;
  if (file === undefined || (command !== 'describe' && !(command === 'select' && names !== undefined)))
    return { out: '', err: `${USAGE}\n`, code: 2 };
  try {
    const table = parseCsv(read(file));
    if (command === 'select')
      return { out: formatCsv(selectColumns(table, (names ?? '').split(','))), err: '', code: 0 };
    const lines = describeColumns(table).map(({ name, kind, missing, distinct, range }) =>
      [name, kind, missing, distinct, ...(range ?? ['', ''])].map(String),
    );
    const columns = ['column', 'kind', 'missing', 'distinct', 'least', 'most'];
    return { out: formatCsv({ columns, rows: lines }), err: '', code: 0 };
  } catch (error) {
    if (error instanceof CsvError) return { out: '', err: `${file}: ${error.message}\n`, code: 1 };
    const code = error instanceof Error && 'code' in error ? ` (${error.code})` : '';
    return { out: '', err: `${file} cannot be read${code}.\n`, code: 1 };
  }
}

if (import.meta.main) {
  const { out, err, code } = run(process.argv.slice(2), (file) => readFileSync(file, 'utf8'));
  process.stdout.write(out);
  process.stderr.write(err);
  process.exitCode = code;
}
