import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './scripts/testing/longest-first.js';

const conditions = ['@baton/source'];
const cores = availableParallelism();

/** Beside Postgres, queues and child processes a worker mostly waits: one more than there are cores, and never one alone. */
const waitingWorkers = Math.max(3, cores + 1);
/** Each worker has a database of the Redis for itself, and a Redis has sixteen. */
const mostOnRedis = 15;

/**
 * Three sizes of test: pure (`x.spec.ts`), with real Postgres and queues (`x.int.spec.ts`), the whole system (`apps/e2e`).
 * Files share a worker's modules (`isolate: false`), so that each module is loaded once a worker; `no-leaks.ts` sees to it
 * that nothing else of a file stays behind. See docs/testing.md.
 */
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    isolate: false,
    teardownTimeout: 60_000,
    // A fact is waited for as long as a busy machine takes to bring it about; a promise of a time is asserted as one.
    expect: { poll: { timeout: 20_000 } },
    sequence: { sequencer: LongestFirst },
    reporters: ['./scripts/testing/slowest-files.ts', 'default'],
    setupFiles: ['./scripts/testing/no-leaks.ts', './scripts/testing/compute-within.ts'],
    provide: { effort: process.env.BATON_TEST_EFFORT === 'long' ? 'long' : 'short' },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          sequence: { groupOrder: 1 },
          include: [
            'libs/*/src/**/*.spec.ts',
            'apps/*/src/**/*.spec.ts',
            'scripts/**/*.spec.ts',
            'examples/workers/*/src/**/*.spec.ts',
          ],
          exclude: ['**/*.int.spec.ts', 'apps/e2e/**'],
          maxWorkers: Math.max(2, cores),
          // What these compute takes a second or two; a machine that is busy with other things takes its time.
          testTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'int',
          sequence: { groupOrder: 2 },
          include: [
            'libs/*/src/**/*.int.spec.ts',
            'apps/*/src/**/*.int.spec.ts',
            'scripts/**/*.int.spec.ts',
            'examples/workers/*/src/**/*.int.spec.ts',
          ],
          exclude: ['apps/e2e/**'],
          globalSetup: ['./scripts/testing/template-setup.ts', './scripts/testing/global-setup.ts'],
          // With as many as of the whole system a quarter of the processor was left.
          maxWorkers: Math.min(mostOnRedis, waitingWorkers + 1),
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          sequence: { groupOrder: 3 },
          include: ['apps/e2e/src/**/*.spec.ts'],
          globalSetup: ['./scripts/testing/stack-template-setup.ts'],
          setupFiles: ['./scripts/testing/stop-shared-stack.ts'],
          maxWorkers: waitingWorkers,
          testTimeout: 240_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
