import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { programOf } from '@baton/service-kit';
import { makePostgresTemplate } from '@baton/service-kit/testing';
import { BASE_ENV, ROOT } from '@baton/test-stack';

const run = promisify(execFile);

/** One database for all stacks of a run to copy, prepared by the program that each of them prepares its own with again. */
export default () =>
  makePostgresTemplate(async (DATABASE_URL) => {
    const env = { ...BASE_ENV, DATABASE_URL };
    await run(process.execPath, [programOf(ROOT, 'orchestrator'), 'migrate'], { env });
  });
