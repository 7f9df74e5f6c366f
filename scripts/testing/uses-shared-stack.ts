import { readFileSync } from 'node:fs';

/** Whether a file of tests takes its `test` from `apps/e2e/src/testing/shared-stack.ts`. */
export const usesSharedStack = (file: string): boolean =>
  /from '\.\/testing\/shared-stack\.js'/.test(readFileSync(file, 'utf8'));
