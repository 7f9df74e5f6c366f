import type { ComposedStep, StepCondition, StepList } from '@baton/contracts';

/*
 * A composition is a list of steps. Neighbours that are done side by side, or that are the ways of one choice, make up a unit:
 * one state of the document.
 */

export type Unit =
  | { readonly type: 'step'; readonly step: ComposedStep }
  | { readonly type: 'beside'; readonly name: string; readonly branches: readonly (readonly ComposedStep[])[] }
  | { readonly type: 'choice'; readonly name: string; readonly ways: readonly Way[] };

interface Way {
  readonly when: StepCondition;
  readonly steps: readonly ComposedStep[];
}

/** The steps of a unit as they follow on one another: by side, or by way. */
export function lanesOf(unit: Unit): readonly (readonly ComposedStep[])[] {
  if (unit.type === 'step') return [[unit.step]];
  return unit.type === 'beside' ? unit.branches : unit.ways.map(({ steps }) => steps);
}

export function unitsOf(steps: readonly ComposedStep[]): readonly Unit[] {
  const runs: ComposedStep[][] = [];
  for (const step of steps) {
    const last = runs.at(-1)?.at(-1);
    const isWithLast = groupOf(step) !== null && last !== undefined && groupOf(last) === groupOf(step);
    if (isWithLast) runs.at(-1)?.push(step);
    else runs.push([step]);
  }
  return runs.flatMap((run): readonly Unit[] => {
    const [first] = run;
    if (first === undefined) return [];
    if (first.when !== undefined) return [{ type: 'choice', name: first.when.choice, ways: waysOf(run) }];
    if (first.beside !== undefined) return [{ type: 'beside', name: first.beside, branches: branchesOf(run) }];
    return [{ type: 'step', step: first }];
  });
}

const groupOf = ({ beside, when }: ComposedStep): string | null =>
  when === undefined ? (beside === undefined ? null : `beside ${beside}`) : `choice ${when.choice}`;

function waysOf(run: readonly ComposedStep[]): readonly Way[] {
  const ways: { when: StepCondition; steps: ComposedStep[] }[] = [];
  for (const step of run) {
    const last = ways.at(-1);
    if (step.when === undefined) continue;
    if (last !== undefined && isSame(last.when, step.when)) last.steps.push(step);
    else ways.push({ when: step.when, steps: [step] });
  }
  return ways;
}

/** Of a condition that is `otherwise`, nothing else counts. */
const isSame = (one: StepCondition, other: StepCondition): boolean =>
  one.is === other.is &&
  (one.is === 'otherwise' || (one.from === other.from && one.value === other.value && one.than === other.than));

/** Steps that need one another's results stand in one branch, in their order. */
function branchesOf(run: readonly ComposedStep[]): readonly (readonly ComposedStep[])[] {
  const branches: ComposedStep[][] = [];
  for (const step of run) {
    const needed = new Set(usedBy(step));
    const joined = branches.filter((branch) => branch.some(({ name }) => needed.has(name)));
    const [home] = joined;
    if (home === undefined) {
      branches.push([step]);
      continue;
    }
    for (const other of joined.slice(1)) {
      home.push(...other);
      branches.splice(branches.indexOf(other), 1);
    }
    home.push(step);
  }
  return branches.map((branch) => branch.toSorted((a, b) => run.indexOf(a) - run.indexOf(b)));
}

/** The names of what a step takes something from. */
function usedBy({ arguments: args, each, when }: ComposedStep): readonly string[] {
  const lists: readonly Pick<StepList, 'value'>[] = [
    ...args.filter(({ from }) => from === 'step'),
    ...(each?.from === 'step' ? [each] : []),
    ...(when !== undefined && when.is !== 'otherwise' && when.from === 'step' ? [when] : []),
  ];
  return lists.map(({ value }) => value.split('.')[0] ?? '');
}
