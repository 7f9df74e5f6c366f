import { JsonObject } from '@baton/contracts';
import { UsageError } from '../exit-codes.js';
import { MAX_REQUIREMENTS_BYTES, parseRequirements, parseText, readNamedFile } from '../requirements-file.js';
import { valueOfJson } from './json-text.js';
import type { Setting } from './set-input.js';

/** Larger bodies are refused by the gateway. */
const MAX_INPUT_BYTES = 1024 * 1024;

export interface InputOptions {
  readonly workflow: string;
  readonly requirements?: string;
  readonly input?: string;
  readonly set?: readonly Setting[];
}

interface Place {
  readonly workingDirectory: string;
  readStdin(): Promise<Buffer>;
}

/** A word that is JSON, or names a file of it: `{"a": 1}`, `@FILE`, or `@-` for stdin. Throws UsageError. */
export async function readJson(word: string, name: string, place: Place): Promise<{ what: string; value: unknown }> {
  const isFile = word.startsWith('@');
  const file = word.slice(1);
  const text = isFile
    ? parseText(await readNamedFile(file, { ...place, limit: MAX_INPUT_BYTES }), file, MAX_INPUT_BYTES)
    : word;
  const what = isFile ? (file === '-' ? 'The input on stdin' : `The input file ${file}`) : `The value of ${name}`;
  try {
    return { what, value: valueOfJson(text, what) };
  } catch (thrown) {
    if (thrown instanceof UsageError) throw thrown;
    const hint = isFile ? 'Correct the file.' : 'Put it in single quotes, or name a file as @FILE.';
    throw new UsageError(`${what} is not JSON.`, hint, thrown);
  }
}

/** Throws UsageError unless it is a JSON object. */
async function readJsonInput(word: string, place: Place): Promise<JsonObject> {
  const { what, value } = await readJson(word, '--input', place);
  const parsed = JsonObject.safeParse(value);
  if (!parsed.success || Array.isArray(value)) {
    throw new UsageError(
      `${what} is not a JSON object.`,
      'The input of a run is an object, such as {"requirements": "…"}.',
    );
  }
  return parsed.data;
}

/** The run's input from the options of `run submit` and `demo`. Throws UsageError before anything is sent. */
export async function readRunInput(options: InputOptions, place: Place): Promise<JsonObject> {
  const { requirements, input, workflow, set = [] } = options;
  if (requirements !== undefined && input !== undefined) {
    throw new UsageError('--requirements and --input exclude each other.', 'Give one of them.');
  }
  if (requirements !== undefined) {
    const bytes = await readNamedFile(requirements, { ...place, limit: MAX_REQUIREMENTS_BYTES });
    return { requirements: parseRequirements(bytes, requirements) };
  }
  if (input !== undefined) return readJsonInput(input, place);
  if (set.some(({ path: [key] }) => key === 'requirements')) return {};
  // What else a workflow needs its own schema says; the seven steps are nothing without requirements.
  if (workflow !== DEFAULT_WORKFLOW && !workflow.startsWith(`${DEFAULT_WORKFLOW}@`)) return {};
  throw new UsageError(
    `The workflow ${workflow} needs requirements.`,
    'Give them with --requirements FILE (or - for stdin), or the whole input with --input JSON.',
  );
}

export const DEFAULT_WORKFLOW = 'seven-step';

/** `k=v` words to labels. */
export function parseLabels(words: readonly string[]): Readonly<Record<string, string>> {
  const labels: Record<string, string> = {};
  for (const word of words) {
    const at = word.indexOf('=');
    if (at < 1) throw new UsageError(`The label ${word} is not of the form key=value.`, 'Write --label team=red.');
    const key = word.slice(0, at);
    if (Object.hasOwn(labels, key)) throw new UsageError(`The label ${key} is given twice.`, 'Give each label once.');
    labels[key] = word.slice(at + 1);
  }
  return labels;
}
