import { stopSharedStack } from '@baton/test-stack/shared-stack';
import { beforeAll, expect } from 'vitest';
import { usesSharedStack } from './uses-shared-stack.js';

/* Files that use the stack of a worker come first (`longest-first.ts`), so the first of the others is the time to stop it. */

beforeAll(async () => {
  const { testPath } = expect.getState();
  if (testPath === undefined || !usesSharedStack(testPath)) await stopSharedStack();
});
