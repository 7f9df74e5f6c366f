import { Readable } from 'node:stream';
import type { JsonObject } from '@baton/contracts';
import { CsvError, parse } from 'csv-parse';
import { quoted, unfit } from '../item-failure.js';
import type { ItemLimits } from '../items-env.js';
import type { ReaderConfig } from '../items-task.js';
import { textOf } from './text-of.js';

const DELIMITERS = { COMMA: ',', PIPE: '|', SEMICOLON: ';', SPACE: ' ', TAB: '\t' } as const;

/**
 * The rows of CSV as objects of texts. As the language has it, a row that is too short has empty texts for what it lacks, and
 * what a row has too much is left out. What is never closed, or never ends, is found by the size of a row.
 */
export async function* csvItems(
  bytes: AsyncIterable<Uint8Array>,
  {
    CSVDelimiter = 'COMMA',
    CSVHeaderLocation,
    CSVHeaders,
  }: Pick<ReaderConfig, 'CSVDelimiter' | 'CSVHeaderLocation' | 'CSVHeaders'>,
  { itemBytes }: Pick<ItemLimits, 'itemBytes'>,
): AsyncGenerator<JsonObject> {
  const text = Readable.from(textOf(bytes), { objectMode: true });
  const parser = parse({
    delimiter: DELIMITERS[CSVDelimiter],
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: itemBytes,
  });
  text.once('error', (thrown) => parser.destroy(thrown));
  text.pipe(parser);
  let names = CSVHeaderLocation === 'GIVEN' ? checkedNames(CSVHeaders ?? []) : null;
  try {
    for await (const row of parser) {
      const cells = textsIn(row);
      if (names === null) names = checkedNames(cells);
      else yield Object.fromEntries(names.map((name, at) => [name, cells[at] ?? '']));
    }
  } catch (thrown) {
    if (thrown instanceof CsvError) throw unfit(problemOf(thrown, itemBytes));
    throw thrown;
  } finally {
    text.destroy();
    parser.destroy();
  }
  if (names === null) throw unfit('The CSV has no first row, where the names of its columns were to be.');
}

const textsIn = (row: unknown): readonly string[] => (Array.isArray(row) ? row.map(String) : []);

function checkedNames(names: readonly string[]): readonly string[] {
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice === undefined) return names;
  throw unfit(`The CSV has two columns of the name ${quoted(twice)}.`);
}

function problemOf({ code, lines, message }: CsvError & { readonly lines?: number }, itemBytes: number): string {
  const where = lines === undefined ? '' : ` near line ${lines}`;
  if (code === 'CSV_MAX_RECORD_SIZE') {
    return `The CSV has a row of more than ${itemBytes} bytes${where}: is a quote never closed?`;
  }
  if (code === 'CSV_QUOTE_NOT_CLOSED') return `The CSV has a quote that is never closed${where}.`;
  return `The CSV cannot be read${where}: ${quoted(message)}.`;
}
