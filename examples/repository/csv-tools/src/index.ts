export { describeColumns, selectColumns } from './columns.ts';
export { CsvError } from './csv-error.ts';
export { formatCsv } from './format.ts';
export { parseCsv } from './parse.ts';
export type { Table } from './table.ts';
