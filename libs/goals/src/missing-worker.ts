import { type GoalCatalog, type MissingWorker, nearestName } from '@baton/contracts';

interface Named {
  readonly type: 'worker' | 'workflow';
  readonly name: string;
}

/** Of what a goal names, that which is not there. */
export function missingNamed(named: readonly Named[], { workers, workflows }: GoalCatalog): MissingWorker[] {
  const kinds = new Set(workers.map(({ kind }) => kind));
  const names = new Set(workflows.map(({ ref }) => ref.split('@')[0] ?? ''));
  return named
    .filter(({ type, name }) => !(type === 'worker' ? kinds : names).has(name))
    .map(({ type, name }) => {
      const near = nearestName(name, type === 'worker' ? kinds : names);
      const hint = near === null ? '' : ` The nearest name is ${near}.`;
      return {
        kind: name,
        does: `The goal names the ${type} ${name}; there is none.${hint}`,
        takes: 'what the goal says',
        gives: 'what the goal says',
      };
    });
}
