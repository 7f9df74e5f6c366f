import { CsvError } from './csv-error.ts';
import type { Table } from './table.ts';

interface Record {
  readonly fields: readonly string[];
  readonly line: number;
}

/** Reads CSV text with a header row. Throws CsvError. */
export function parseCsv(text: string): Table {
  const [header, ...records] = [...recordsOf(text.replace(/^\uFEFF/, ''))];
  if (header === undefined) throw new CsvError('empty', null, 'The file has no header row.');
  const columns = header.fields;
  const twice = columns.find((name, index) => columns.indexOf(name) !== index);
  if (twice !== undefined) throw new CsvError('same-name', header.line, `The column ${twice} is there twice.`);
  for (const { fields, line } of records) {
    if (fields.length === columns.length) continue;
    throw new CsvError('wrong-width', line, `There are ${fields.length} fields where ${columns.length} belong.`);
  }
  return { columns, rows: records.map(({ fields }) => fields) };
}

/** One record after the other; lines that are empty are none. */
function* recordsOf(text: string): Generator<Record> {
  let fields: string[] = [];
  let [at, line, begun] = [0, 1, 1];
  while (at < text.length) {
    const field = text[at] === '"' ? quotedField(text, at, line) : plainField(text, at, line);
    fields.push(field.value);
    line += field.lines;
    at = field.end;
    if (text[at] === ',') {
      at += 1;
      if (at < text.length) continue;
      fields.push(''); // The file ends behind a comma.
    }
    if (!(fields.length === 1 && fields[0] === '')) yield { fields, line: begun };
    fields = [];
    at += text.startsWith('\r\n', at) ? 2 : 1;
    line += 1;
    begun = line;
  }
}

interface Field {
  readonly value: string;
  /** Where what follows it begins. */
  readonly end: number;
  /** Line breaks within it. */
  readonly lines: number;
}

function plainField(text: string, at: number, line: number): Field {
  let end = at;
  while (end < text.length && text[end] !== ',' && text[end] !== '\n' && !text.startsWith('\r\n', end)) end += 1;
  const value = text.slice(at, end);
  if (value.includes('"')) throw new CsvError('stray-quote', line, `A quote stands within the field ${value}.`);
  return { value, end, lines: 0 };
}

function quotedField(text: string, at: number, line: number): Field {
  let value = '';
  for (let from = at + 1; ; ) {
    const quote = text.indexOf('"', from);
    if (quote === -1) throw new CsvError('open-quote', line, 'A quote is opened and never closed.');
    value += text.slice(from, quote);
    if (text[quote + 1] === '"') {
      value += '"';
      from = quote + 2;
      continue;
    }
    const end = quote + 1;
    const isOver = end >= text.length || text[end] === ',' || text[end] === '\n' || text.startsWith('\r\n', end);
    if (!isOver)
      throw new CsvError('stray-quote', line, 'Behind a closing quote comes neither a comma nor a line end.');
    return { value, end, lines: value.split('\n').length - 1 };
  }
}
