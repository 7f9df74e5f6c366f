import { PreprocessingError } from './errors.ts';

/** A table as text. Every row has as many fields as there are columns. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

interface Record {
  readonly fields: readonly string[];
  /** The line it begins on, from 1. */
  readonly line: number;
}

/**
 * Reads CSV with a header row (RFC 4180): quoted fields, doubled quotes, line breaks inside quotes, LF, CRLF or CR as line
 * end, a byte order mark. Empty lines are passed over, except in a table of one column, where they are missing values.
 * Throws PreprocessingError `bad-csv`, `ragged-row` or `repeated-column`.
 */
export function parseCsv(text: string): Table {
  const [header, ...records] = readRecords(text.startsWith('\ufeff') ? text.slice(1) : text);
  if (header === undefined || header.fields.every((name) => name === '')) {
    throw new PreprocessingError('bad-csv', 'The data has no header row.');
  }
  const columns = header.fields;
  checkNames(columns);
  const rows = records.filter(({ fields }) => columns.length === 1 || fields.length > 1 || fields[0] !== '');
  rows.forEach(({ fields, line }, index) => {
    if (fields.length !== columns.length) {
      throw new PreprocessingError(
        'ragged-row',
        `Row ${index + 1} (line ${line}) has ${fields.length} fields, the header has ${columns.length}.`,
      );
    }
  });
  return { columns, rows: rows.map(({ fields }) => fields) };
}

function checkNames(columns: readonly string[]): void {
  const repeated = columns.find((name, index) => columns.indexOf(name) !== index);
  if (repeated !== undefined) {
    throw new PreprocessingError('repeated-column', `The header has the column "${repeated}" twice.`);
  }
}

function readRecords(text: string): readonly Record[] {
  const records: Record[] = [];
  let position = 0;
  let line = 1;
  while (position < text.length) {
    const fields: string[] = [];
    const firstLine = line;
    for (;;) {
      const field = text[position] === '"' ? quotedField(text, position, line) : plainField(text, position, line);
      fields.push(field.value);
      position = field.end;
      line += field.lineBreaks;
      if (text[position] !== ',') break;
      position += 1;
    }
    position += text.startsWith('\r\n', position) ? 2 : 1;
    records.push({ fields, line: firstLine });
    line += 1;
  }
  return records;
}

interface Field {
  readonly value: string;
  /** The position after the field: a comma, a line end, or the end of the text. */
  readonly end: number;
  readonly lineBreaks: number;
}

const PLAIN = /[^",\r\n]*/y;

function plainField(text: string, start: number, line: number): Field {
  PLAIN.lastIndex = start;
  const value = PLAIN.exec(text)?.[0] ?? '';
  const end = start + value.length;
  if (text[end] === '"') {
    throw new PreprocessingError('bad-csv', `Line ${line}: a quote inside a field that does not begin with one.`);
  }
  return { value, end, lineBreaks: 0 };
}

function quotedField(text: string, start: number, line: number): Field {
  let value = '';
  let from = start + 1;
  for (;;) {
    const quote = text.indexOf('"', from);
    if (quote === -1) throw new PreprocessingError('bad-csv', `Line ${line}: a quoted field is not closed.`);
    value += text.slice(from, quote);
    if (text[quote + 1] !== '"') {
      const end = quote + 1;
      const lineBreaks = value.match(/\r\n|\n|\r/g)?.length ?? 0;
      if (end < text.length && !/[,\r\n]/.test(text[end] ?? '')) {
        throw new PreprocessingError('bad-csv', `Line ${line + lineBreaks}: text after the quote that closes a field.`);
      }
      return { value, end, lineBreaks };
    }
    value += '"';
    from = quote + 2;
  }
}

/** Writes CSV with LF line ends; quotes only the fields that need it. */
export function formatCsv(columns: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const lineOf = (fields: readonly (string | number)[]) =>
    `${fields.map((field) => quoted(String(field))).join(',')}\n`;
  return [columns, ...rows].map(lineOf).join('');
}

const quoted = (field: string): string => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field);
