import type { Table } from './table.ts';

/** Writes CSV text that `parseCsv` reads back as the same table. Lines end with LF. */
export const formatCsv = ({ columns, rows }: Table): string => `${[columns, ...rows].map(lineOf).join('\n')}\n`;

/** A record of one empty field would be read as no record: it is quoted. */
const lineOf = (fields: readonly string[]): string =>
  fields.length === 1 && fields[0] === '' ? '""' : fields.map(fieldOf).join(',');

const fieldOf = (field: string): string => (/[",\n\r]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field);
