import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { parseConfig } from './config.ts';
import { formatCsv, parseCsv } from './csv.ts';
import { PreprocessingError } from './errors.ts';
import { loadParameters, saveParameters } from './parameters.ts';
import { fit, transform } from './preprocessor.ts';

export interface Outcome {
  /** 0 success, 1 wrong data, 2 wrong use. */
  readonly exitCode: 0 | 1 | 2;
  readonly stdout: string;
  readonly stderr: string;
}

const USAGE = `Usage:
  node src/main.ts fit --config FILE --data FILE --params FILE        learns from data, writes the parameters
  node src/main.ts transform --params FILE --data FILE [--out FILE]   applies them, writes CSV (default: stdout)
`;

/** Runs the command. Wrong data is an outcome with one line on stderr; then no file has been touched. */
export function run(args: readonly string[]): Outcome {
  const [command, ...rest] = args;
  const options = readOptions(rest);
  try {
    if (command === 'fit' && hasOnly(options, ['config', 'data', 'params'])) return runFit(options);
    if (command === 'transform' && hasOnly(options, ['params', 'data'], ['out'])) return runTransform(options);
  } catch (error) {
    if (error instanceof PreprocessingError) {
      return { exitCode: 1, stdout: '', stderr: `${error.code}: ${error.message}\n` };
    }
    throw error;
  }
  const isHelp = args.length === 0 || args.includes('--help');
  return { exitCode: isHelp ? 0 : 2, stdout: isHelp ? USAGE : '', stderr: isHelp ? '' : USAGE };
}

type Options = ReadonlyMap<string, string>;

function runFit(options: Options): Outcome {
  const config = parseConfig(readText(options.get('config')));
  const table = parseCsv(readText(options.get('data')));
  const parameters = fit(table, config);
  writeWhole(options.get('params'), saveParameters(parameters));
  const stdout = `Learned ${parameters.columns.length} columns from ${table.rows.length} rows.\n`;
  return { exitCode: 0, stdout, stderr: '' };
}

function runTransform(options: Options): Outcome {
  const parameters = loadParameters(readText(options.get('params')));
  const output = transform(parseCsv(readText(options.get('data'))), parameters);
  const csv = formatCsv(output.columns, output.rows);
  const file = options.get('out');
  if (file === undefined) return { exitCode: 0, stdout: csv, stderr: '' };
  writeWhole(file, csv);
  return { exitCode: 0, stdout: `Wrote ${output.rows.length} rows.\n`, stderr: '' };
}

/** null where an argument is no option, has no value, or comes twice. */
function readOptions(args: readonly string[]): Options | null {
  const options = new Map<string, string>();
  for (let index = 0; index < args.length; index += 2) {
    const name = /^--([a-z]+)$/.exec(args[index] ?? '')?.[1];
    const value = args[index + 1];
    if (name === undefined || value === undefined || options.has(name)) return null;
    options.set(name, value);
  }
  return options;
}

function hasOnly(
  options: Options | null,
  required: readonly string[],
  optional: readonly string[] = [],
): options is Options {
  if (options === null || !required.every((name) => options.has(name))) return false;
  return [...options.keys()].every((name) => required.includes(name) || optional.includes(name));
}

function readText(file = ''): string {
  const content = readOrNull(file);
  if (content === null) throw new PreprocessingError('unreadable-file', `The file ${file} cannot be read.`);
  // What is not UTF-8 was replaced while reading: the data would be wrong without a word.
  if (content.includes('\ufffd'))
    throw new PreprocessingError('unreadable-file', `The file ${file} is not UTF-8 text.`);
  return content;
}

function readOrNull(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

/** Either the whole text is in the file or the file is as it was. */
function writeWhole(file: string | undefined, content: string): void {
  const part = `${file}.part`;
  try {
    writeFileSync(part, content);
    renameSync(part, `${file}`);
  } catch {
    rmSync(part, { force: true });
    throw new PreprocessingError('unreadable-file', `The file ${file} cannot be written.`);
  }
}
