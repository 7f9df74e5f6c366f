import { existsSync } from 'node:fs';
import { Stack } from '@baton/test-stack';
import { keepProcess } from '@baton/test-stack/leaks';
import { test as base } from 'vitest';

/**
 * `test` for files whose tests need no stack of their own: `everything` is a whole Baton, with queues on Postgres and the
 * offline model, that all such files of a worker use one after another. They may kill parts of it, publish workflows, and
 * leave runs behind; they may not count what others may have left. When the worker ends every decision of every run is made
 * again (`Stack.stop`).
 */
// biome-ignore lint/correctness/noEmptyPattern: the runner reads from the pattern which other fixtures this one needs.
export const test = base.extend('everything', { scope: 'worker' }, async ({}, { onCleanup }) => {
  // Without a sandbox the code of repositories and of people would not be run with the tests.
  const env: Record<string, string> = existsSync('/usr/bin/bwrap') ? {} : { BATON_SANDBOX: 'none' };
  const stack = await Stack.start({ env });
  stack.unref();
  keepProcess(stack.supervisor.pid ?? 0);
  onCleanup(async () => {
    await stack.stop();
  });
  return stack;
});
