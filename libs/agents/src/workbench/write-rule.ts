import { createHash } from 'node:crypto';
import ignore from 'ignore';
import { z } from 'zod';
import type { Workbench } from './workbench.js';

/** Patterns as a `.gitignore` has them: `test/` is a folder wherever it lies, `*.test.ts` a file. Case makes no difference. */
export const FilePatterns = z.array(z.string().min(1).max(200)).min(1).max(50);

/** Which files a task may write, move and delete. */
export interface WriteRule {
  /** Those alone; null: any. */
  readonly only: readonly string[] | null;
  /** None of these, which are somebody else's. */
  readonly never: readonly string[];
}

export const ANY_FILE: WriteRule = { only: null, never: [] };

/** What is taken for a test where nobody says which files are. */
export const TEST_FILES: readonly string[] = [
  'test/',
  'tests/',
  '*.test.*',
  '*.spec.*',
  'test_*.py',
  '*_test.py',
  '*_test.go',
];

const isAmong = (patterns: readonly string[], path: string): boolean =>
  ignore()
    .add([...patterns])
    .ignores(path);

/** Why a path may not be written by this rule, or null. */
export function writeRefusal({ only, never }: WriteRule, path: string): string | null {
  if (!ignore.isPathValid(path)) return null;
  if (isAmong(never, path)) return `${path} is given and stays as it is (${never.join(', ')}): change something else.`;
  if (only !== null && !isAmong(only, path)) return `${path} is not yours to write: only ${only.join(', ')} is.`;
  return null;
}

/** What the model is told of it, before it runs into it. */
export function wordsOfRule({ only, never }: WriteRule): readonly string[] {
  return [
    ...(only === null ? [] : [`You may write, move and delete these files alone: ${only.join(', ')}.`]),
    ...(never.length === 0
      ? []
      : [`These files are given, and nobody may change them or add to them: ${never.join(', ')}.`]),
  ];
}

/** A bench that holds to a rule, whoever asks; and what was changed against it all the same, by a command for one. */
export interface GuardedBench {
  readonly bench: Workbench;
  /** One sentence for each file that is not as it may be. */
  readonly problems: () => Promise<readonly string[]>;
}

/** To be called before anything was done on the bench: how it lies there now is how what is protected has to stay. */
export async function guard(bench: Workbench, rule: WriteRule): Promise<GuardedBench> {
  if (rule.only === null && rule.never.length === 0) return { bench, problems: async () => [] };
  const before = await hashes(bench, rule);
  return {
    bench: {
      ...bench,
      write: async (path, bytes, isExecutable) =>
        writeRefusal(rule, path) ?? (await bench.write(path, bytes, isExecutable)),
      remove: async (path) => writeRefusal(rule, path) ?? (await bench.remove(path)),
    },
    problems: async () => {
      const after = await hashes(bench, rule);
      const paths = [...new Set([...before.keys(), ...after.keys()])].toSorted();
      return paths
        .filter((path) => before.get(path) !== after.get(path))
        .map((path) => `${path} was changed, and may not be: put it back as it was`);
    },
  };
}

/** The files that the rule keeps from being written, as they are. */
async function hashes(bench: Workbench, rule: WriteRule): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const { path } of await bench.files()) {
    if (writeRefusal(rule, path) === null) continue;
    const read = await bench.read(path);
    if (read.ok) found.set(path, createHash('sha256').update(read.bytes).digest('hex'));
  }
  return found;
}
