import { BenchStack, queuesOf, type Servers } from './bench-stack.js';
import { type BenchResult, figure } from './result.js';

/** A run that asks for one of its own kind, until it is deep enough. */
const NEST = {
  name: 'bench-nest',
  version: '1.0.0',
  title: 'A run in a run in a run',
  definition: {
    QueryLanguage: 'JSONata',
    StartAt: 'Deeper',
    States: {
      Deeper: {
        Type: 'Choice',
        Choices: [{ Condition: '{% $states.input.deeper > 0 %}', Next: 'Child' }],
        Default: 'Bottom',
      },
      Child: {
        Type: 'Task',
        Resource: 'baton:workflow:bench-nest',
        Arguments: { deeper: '{% $states.input.deeper - 1 %}' },
        Output: '{% $states.result + 1 %}',
        End: true,
      },
      Bottom: { Type: 'Pass', Output: 0, End: true },
    },
  },
};

/** A chain of child runs: each begins the next and waits for its end. */
export async function benchChildren(
  options: Servers & { readonly rounds: number; readonly depth: number },
): Promise<readonly BenchResult[]> {
  const { depth, rounds } = options;
  const stack = await BenchStack.start(options, [NEST]);
  try {
    const seconds: number[] = [];
    const runs = depth + 1;
    await stack.submit('bench-nest', 1, { deeper: depth });
    await stack.succeeded(runs, 120_000);
    for (let round = 1; round <= rounds; round += 1) {
      const beganMs = performance.now();
      await stack.submit('bench-nest', 1, { deeper: depth });
      await stack.succeeded((round + 1) * runs, 120_000);
      seconds.push((performance.now() - beganMs) / 1000);
    }
    return [figure(`chain of ${depth} child runs, down and up again, ${queuesOf(options)}`, 's', seconds)];
  } finally {
    await stack.stop();
  }
}
