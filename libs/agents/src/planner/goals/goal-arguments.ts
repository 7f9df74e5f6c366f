import { Composition, GoalCatalog, GoalText, JsonObject } from '@baton/contracts';
import { z } from 'zod';

/*
 * The two tasks of the planner that ask no model: what there is is held against a goal, and a composition against what there is.
 */

const About = {
  goal: GoalText,
  /** What the goal is about, by name. */
  input: JsonObject.default({}),
  /** What there was when the goal was submitted. */
  catalog: GoalCatalog,
};

export const MatchGoalArguments = z.strictObject({ job: z.literal('match-goal'), ...About });

export const CheckCompositionArguments = z.strictObject({
  job: z.literal('check-composition'),
  ...About,
  composition: Composition,
});
