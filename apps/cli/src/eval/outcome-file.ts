import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../exit-codes.js';
import type { EvalSet } from './eval-set.js';
import { Outcome } from './outcome.js';

/** The file of an evaluation: a line about the set, then one for each run that is done, each written at once. */
export interface OutcomeFile {
  readonly path: string;
  readonly done: readonly Outcome[];
  add(outcome: Outcome): Promise<void>;
}

/**
 * Opens what an earlier call left, or begins it. A line that a kill cut off counts as not written: its run is looked up again,
 * not made again. Throws UsageError where the evaluation was begun with another state of the set.
 */
export async function openOutcomes(home: string, name: string, { file, sha256 }: EvalSet): Promise<OutcomeFile> {
  const folder = join(home, 'evals');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `${name}.jsonl`);
  const text = await readFile(path, 'utf8').catch(() => '');
  const lines = text.split('\n').flatMap((line): unknown[] => {
    try {
      return [JSON.parse(line)];
    } catch {
      return [];
    }
  });
  const [head] = lines;
  const before = typeof head === 'object' && head !== null && 'set' in head ? head.set : null;
  if (before !== null && before !== sha256) {
    throw new UsageError(
      `The evaluation ${name} was begun with another state of ${file}: its figures would not be of one set.`,
      'Give this one another name with --name.',
    );
  }
  // After a line that was cut off, what is added begins a line of its own.
  if (text !== '' && !text.endsWith('\n')) await appendFile(path, '\n');
  if (before === null) await appendFile(path, `${JSON.stringify({ set: sha256, file })}\n`);
  const done = lines.flatMap((line) => {
    const parsed = Outcome.safeParse(line);
    return parsed.success ? [parsed.data] : [];
  });
  return { path, done, add: (outcome) => appendFile(path, `${JSON.stringify(outcome)}\n`) };
}
