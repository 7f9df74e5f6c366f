import { Json, WorkspaceInput } from '@baton/contracts';
import { ExecutionRecord } from '@baton/sandbox';
import { z } from 'zod';
import { SetUpRecord } from '../set-up/record.js';
import { DeliverableFile, FileSet } from './file-set.js';
import { Language } from './outputs.js';

const Path = z.string().min(1).max(200);

/**
 * A program among the files, run in the sandbox for what it writes. No shell reads it: the interpreter of the language runs it
 * with these arguments, in the folder of the files. `data` lies beside the files and is no code: what it says is not run, and
 * it is no part of the version that comes of it.
 */
export const JobArguments = z.strictObject({
  job: z.strictObject({
    program: Path,
    arguments: z.array(z.string().max(500)).max(50).default([]),
    timeoutSeconds: z.int().min(1).max(3_600).default(300),
    /** The JSON files that it writes, of which the last word is read from here. */
    writes: z.array(Path).min(1).max(20),
  }),
  language: Language,
  files: FileSet,
  data: FileSet.default([]),
  /** What lies there, too, and what its set-up fills: packages that the program needs. Its own files go before those of it. */
  workspace: WorkspaceInput.nullish(),
  writtenBy: z.string(),
});
export type JobArguments = z.infer<typeof JobArguments>;

/** What came of it. `outputs` holds what it wrote, by path; `tree` is the version of its files and of what it wrote. */
export const JobReport = z.object({
  passed: z.boolean(),
  exitCode: z.int().nullable(),
  reason: z.string().nullable(),
  outputs: z.record(z.string(), Json),
  /** The same as text, to the last digit. */
  files: z.array(DeliverableFile),
  tree: z.string().nullable(),
  execution: ExecutionRecord.nullable(),
  /** How its packages came to be there; null where there is no workspace, or nothing to prepare. */
  setUp: SetUpRecord.nullable(),
  warning: z.string().nullable(),
});
export type JobReport = z.infer<typeof JobReport>;

/** A table of the workspace, to be read as rows. */
export const TableArguments = z.strictObject({ table: Path, workspace: WorkspaceInput });
export type TableArguments = z.infer<typeof TableArguments>;
