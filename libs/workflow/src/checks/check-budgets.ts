import { errorAt, type Finding, pointerTo } from '@baton/asl';
import { microUsdOf, type TaskBudget } from '@baton/contracts';
import { parseDuration } from '../budgets/duration.js';
import { NO_BUDGET, type WorkflowDocument } from '../document/workflow-document.js';

/** Budgets that nothing can be done with. What a task may spend is checked here: 0 is what a run leaves it in the end. */
export function checkBudgets({ budget, steps = {}, decisions }: WorkflowDocument): readonly Finding[] {
  return [
    ...checkWallClock(budget?.wallClock),
    ...checkMoney(budget?.usd, '/budget/usd'),
    ...Object.entries(steps).flatMap(([name, step]) =>
      (['budget', 'usual'] as const).flatMap((member) =>
        checkShare(step[member], pointerTo(pointerTo('/steps', name), member)),
      ),
    ),
    ...checkShare(decisions?.advice?.budget, '/decisions/advice/budget'),
  ];
}

function checkWallClock(wallClock: string | undefined): readonly Finding[] {
  if (wallClock === undefined) return [];
  const seconds = parseDuration(wallClock);
  if (seconds !== null && seconds > 0) return [];
  const problem =
    seconds === null
      ? `${wallClock} has no fixed length: give weeks, or days, hours, minutes and seconds, such as P30D`
      : NO_BUDGET;
  return [errorAt('/budget/wallClock', 'schema', problem)];
}

const checkShare = (share: TaskBudget | undefined, pointer: string): readonly Finding[] => [
  ...(['usd', 'tokens'] as const).flatMap((kind) =>
    share?.[kind] === 0 ? [errorAt(pointerTo(pointer, kind), 'schema', NO_BUDGET)] : [],
  ),
  ...checkMoney(share?.usd, pointerTo(pointer, 'usd')),
];

/** What is less than a micro-dollar is nothing to whoever counts in them. */
const checkMoney = (usd: number | undefined, pointer: string): readonly Finding[] =>
  usd !== undefined && usd > 0 && microUsdOf(usd, 'down') === 0
    ? [errorAt(pointer, 'schema', `${usd} is less than a micro-dollar: give at least 0.000001 dollars`)]
    : [];
