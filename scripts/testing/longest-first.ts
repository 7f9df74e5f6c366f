import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { usesSharedStack } from './uses-shared-stack.js';

/**
 * Files that take far longer than their size says, the longest first; what is not true any more costs a minute at the most.
 * The runner knows better from its last run here, but not on a machine that is fresh.
 */
const LONGEST = [
  'demo.spec.ts',
  'survival-on-redis.spec.ts',
  'shared-workspace.spec.ts',
  'shipped-hands.spec.ts',
  'decision-modes.spec.ts',
  'survival-on-postgres.spec.ts',
  'steering-a-run.spec.ts',
  'src/workspace.spec.ts',
  'approving-a-run.spec.ts',
  'foreign-agent.spec.ts',
  'injection/injection.int.spec.ts',
  'tools/hostile.int.spec.ts',
  'tools/run-tools.int.spec.ts',
  'up/supervisor.int.spec.ts',
  'tools/types-containment.int.spec.ts',
  'http/hostile-clients.int.spec.ts',
  'src/offline-loop.int.spec.ts',
  'src/leaks.int.spec.ts',
];

const rankOf = ({ moduleId }: TestSpecification): number => {
  const rank = LONGEST.findIndex((end) => moduleId.endsWith(end));
  return rank === -1 ? LONGEST.length : rank;
};

/**
 * What begins last ends last: a worker that is given a long file at the end lets the others wait for it. Of the whole system
 * those files come before all others that use the stack of a worker, which stops when the last of them is done.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const byProject = Map.groupBy(await super.sort(files), ({ project }) => project.name);
    return [...byProject].flatMap(([name, own]) => {
      const longestFirst = own.toSorted((a, b) => rankOf(a) - rankOf(b));
      if (name !== 'e2e') return longestFirst;
      const sharing = longestFirst.filter(({ moduleId }) => usesSharedStack(moduleId));
      return [...sharing, ...longestFirst.filter((file) => !sharing.includes(file))];
    });
  }
}
