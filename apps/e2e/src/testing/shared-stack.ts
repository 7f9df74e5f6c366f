import { sharedStack, stopSharedStack } from '@baton/test-stack/shared-stack';
import { test as base } from 'vitest';

/**
 * `test` for files whose tests need no stack of their own: `everything` is a whole Baton, with queues on Postgres and the
 * offline model, that all such files of a worker use one after another. They may kill parts of it, publish workflows, and
 * leave runs behind; they may not count what others may have left. It stops before the first file that does not use it
 * (`scripts/testing/stop-shared-stack.ts`), or when the worker ends.
 */
export const test = base
  // biome-ignore lint/correctness/noEmptyPattern: the runner reads from the pattern which other fixtures this one needs.
  .extend('ofTheWorker', { scope: 'worker' }, async ({}, { onCleanup }) => {
    onCleanup(stopSharedStack);
    return sharedStack;
  })
  .extend('everything', { scope: 'file' }, ({ ofTheWorker }) => ofTheWorker());
