import {
  applyCategorical,
  type CategoricalParameters,
  categoricalOutputs,
  learnCategorical,
  parseCategories,
} from './categorical.ts';
import type { ColumnConfig, Config } from './config.ts';
import type { Table } from './csv.ts';
import { PreprocessingError } from './errors.ts';
import { applyNumeric, learnNumeric, type NumericParameters, parseNumbers } from './numeric.ts';

export type ColumnParameters = NumericParameters | CategoricalParameters;

/** All that serving needs: nothing of the training data but what was learned from it. */
export interface Parameters {
  /** The spellings of a missing value. */
  readonly missing: readonly string[];
  readonly columns: readonly ColumnParameters[];
}

/** The table as numbers. */
export interface Output {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly number[])[];
}

/** Learns every parameter from the training data. Throws PreprocessingError. */
export function fit(table: Table, config: Config): Parameters {
  if (table.rows.length === 0) throw new PreprocessingError('empty-data', 'The training data has no rows.');
  return {
    missing: config.missing,
    columns: config.columns.map((column) => learnColumn(column, fieldsOf(table, column.name), config.missing)),
  };
}

function learnColumn(column: ColumnConfig, fields: readonly string[], missing: readonly string[]): ColumnParameters {
  switch (column.type) {
    case 'numeric':
      return learnNumeric(column, parseNumbers(column.name, fields, missing));
    case 'categorical':
      return learnCategorical(column, parseCategories(fields, missing));
  }
}

/**
 * Applies learned parameters, row by row: what a row becomes depends on that row and the parameters alone.
 * A table without rows gives a table without rows. Throws PreprocessingError.
 */
export function transform(table: Table, parameters: Parameters): Output {
  const parts = parameters.columns.map((column) => applyColumn(column, table, parameters.missing));
  return {
    columns: outputColumns(parameters),
    rows: table.rows.map((_, row) => parts.flatMap((part) => part[row] ?? [])),
  };
}

/** Names and order of the output columns. */
export function outputColumns({ columns }: Parameters): readonly string[] {
  return columns.flatMap((column) => (column.type === 'numeric' ? [column.name] : categoricalOutputs(column)));
}

/** For each row the numbers that the column becomes. */
function applyColumn(
  column: ColumnParameters,
  table: Table,
  missing: readonly string[],
): readonly (readonly number[])[] {
  const fields = fieldsOf(table, column.name);
  switch (column.type) {
    case 'numeric':
      return applyNumeric(column, parseNumbers(column.name, fields, missing)).map((value) => [value]);
    case 'categorical':
      return applyCategorical(column, parseCategories(fields, missing));
  }
}

function fieldsOf(table: Table, name: string): readonly string[] {
  const position = table.columns.indexOf(name);
  if (position === -1) {
    throw new PreprocessingError(
      'missing-column',
      `The data has no column "${name}"; it has ${table.columns.join(', ')}.`,
    );
  }
  return table.rows.map((row) => row[position] ?? '');
}
