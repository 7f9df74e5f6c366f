import { goalWords } from './goal-words.js';

/** Those that share most words with the goal first; of as many, in the order of their names. */
export function nearestFirst<T extends { readonly ref: string; readonly title: string; readonly description: string }>(
  goal: string,
  workflows: readonly T[],
): readonly T[] {
  const asked = goalWords(goal);
  const counted = workflows.map((workflow) => {
    const words = new Set(goalWords(`${workflow.ref.replaceAll('-', ' ')} ${workflow.title} ${workflow.description}`));
    return { workflow, shared: asked.filter((word) => words.has(word)).length };
  });
  return counted
    .sort((a, b) => b.shared - a.shared || (a.workflow.ref < b.workflow.ref ? -1 : 1))
    .map(({ workflow }) => workflow);
}
