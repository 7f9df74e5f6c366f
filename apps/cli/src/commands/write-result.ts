import { resolve } from 'node:path';
import { BatonError, type Json } from '@baton/contracts';
import { checkPaths, deliverableOf } from '../deliverable.js';
import type { Environment } from '../environment.js';
import { writeOutDirectory } from '../out-directory.js';

export interface WrittenResult {
  readonly runId: string;
  readonly outDir: string;
  readonly files: readonly string[];
  readonly testCommand: string | null;
}

/** Writes the files of a run's output to a folder. Throws UsageError or BatonError, and then has written nothing. */
export async function writeResult(
  env: Environment,
  options: { readonly runId: string; readonly output: Json; readonly out: string; readonly force: boolean },
): Promise<WrittenResult> {
  const deliverable = deliverableOf(options.output);
  if (deliverable === null) {
    throw new BatonError('The output of this run holds no files.', {
      code: 'no-files',
      next: `Print it with \`baton run result ${options.runId}\`.`,
    });
  }
  checkPaths(deliverable.files);
  const outDir = resolve(env.workingDirectory, options.out);
  await writeOutDirectory(outDir, deliverable.files, { home: env.home, force: options.force });
  const files = deliverable.files.map(({ path }) => path).sort();
  return { runId: options.runId, outDir, files, testCommand: deliverable.testCommand };
}
