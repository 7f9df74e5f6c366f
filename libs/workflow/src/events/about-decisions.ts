import { CommandId, Json, TaskBudget, TaskFacts } from '@baton/contracts';
import { z } from 'zod';
import { DecisionRecord } from '../decision-points/decision-record.js';
import { Question } from '../decision-points/question.js';
import { define, Instant, Visit } from './define.js';

/** An advisor is asked. In shadow nobody waits for the answer, and `visit` may have been left when it comes. */
export const AdviceRequested = define('AdviceRequested', {
  visit: Visit,
  commandId: CommandId,
  question: Question,
  arguments: Json,
  deadline: Instant,
  budget: TaskBudget.optional(),
  isShadow: z.literal(true).optional(),
});

/** What the advisor said, whatever that is. */
export const AdviceGiven = define('AdviceGiven', {
  visit: Visit,
  commandId: CommandId,
  decisionId: z.string(),
  output: Json,
  ...TaskFacts.shape,
});

/** No advice: it failed, came too late, or was no longer wanted. */
export const AdviceFailed = define('AdviceFailed', {
  visit: Visit,
  commandId: CommandId,
  decisionId: z.string(),
  error: z.string(),
  cause: z.string(),
  ...TaskFacts.shape,
});

export const DecisionMade = define('DecisionMade', { decision: DecisionRecord });
