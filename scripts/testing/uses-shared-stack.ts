import { readFileSync } from 'node:fs';

/** Whether a file of tests takes its `test` from `apps/e2e/src/testing/shared-stack.ts`, or from what is made of that for browsers. */
export const usesSharedStack = (file: string): boolean =>
  /from '\.\/testing\/(shared-stack|browser\/test)\.js'/.test(readFileSync(file, 'utf8'));
