import type { BenchDocument } from './bench-stack.js';

/**
 * Tasks that do nothing, one after the other.
 * @param kind of the worker that is asked
 */
export const chainOf = (name: string, steps: number, kind = 'noop'): BenchDocument => ({
  name,
  version: '1.0.0',
  title: 'A chain of tasks that do nothing',
  definition: {
    QueryLanguage: 'JSONata',
    StartAt: 'S1',
    States: Object.fromEntries(
      Array.from({ length: steps }, (_, index) => [
        `S${index + 1}`,
        {
          Type: 'Task',
          Resource: `baton:worker:${kind}`,
          Arguments: { n: index + 1 },
          ...(index + 1 === steps ? { End: true } : { Next: `S${index + 2}` }),
        },
      ]),
    ),
  },
});
