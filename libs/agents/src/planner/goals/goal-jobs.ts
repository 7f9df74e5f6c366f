import { JsonObject } from '@baton/contracts';
import { checkComposition, estimateCost, matchGoal } from '@baton/goals';
import type { HintedHandler } from '../../task/hints.js';
import { invalidInput } from '../../task/or-failure.js';
import { describeIssues } from '../../task/problems.js';
import { CheckCompositionArguments, MatchGoalArguments } from './goal-arguments.js';

/** Takes the tasks about goals, which ask no model and whom no hint moves, and sends all others on to `otherwise`. */
export function withGoals(otherwise: HintedHandler): HintedHandler {
  return async (task, hints, signal) => {
    const { recovery: _, budgetHint: __, ...given } = JsonObject.safeParse(task.arguments).data ?? {};
    switch (given.job) {
      case 'match-goal': {
        const args = MatchGoalArguments.safeParse(given);
        if (!args.success) return invalidInput(`The arguments do not fit: ${describeIssues(args.error).join('; ')}.`);
        const { goal, input, catalog } = args.data;
        return { ok: true, output: asJson(matchGoal(goal, input, catalog)) };
      }
      case 'check-composition': {
        const args = CheckCompositionArguments.safeParse(given);
        if (!args.success) return unreadable(describeIssues(args.error));
        const { input, catalog, composition } = args.data;
        const checked = checkComposition(composition, input, catalog);
        return { ok: true, output: asJson({ ...checked, cost: estimateCost(composition.steps, catalog, input) }) };
      }
      default:
        return otherwise(task, hints, signal);
    }
  };
}

/** What a model wrote may be of any shape: what is wrong with it goes back to it like everything else. */
const unreadable = (problems: readonly string[]) => ({
  ok: true as const,
  output: {
    ok: false,
    findings: problems.map((message) => ({ severity: 'error', pointer: '', code: 'shape', message })),
    document: null,
    ref: null,
    sha256: null,
    cost: null,
  },
});

const asJson = (value: object): JsonObject => JSON.parse(JSON.stringify(value));
