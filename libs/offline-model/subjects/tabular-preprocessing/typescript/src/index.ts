/** What others use of this module. */
export { type ColumnConfig, type Config, parseConfig } from './config.ts';
export { formatCsv, parseCsv, type Table } from './csv.ts';
export { type ErrorCode, PreprocessingError } from './errors.ts';
export { FORMAT_VERSION, loadParameters, saveParameters } from './parameters.ts';
export { fit, type Output, outputColumns, type Parameters, transform } from './preprocessor.ts';
