import { z } from 'zod';
import { Classification, DecisionRecord } from './decision-record.js';
import { Move } from './move.js';

/**
 * A decision that waits for somebody: for an advisor, or for a person. It holds all that the decision is made of, so
 * that it can be made without looking at anything again.
 */
export const Question = z.object({
  asks: z.enum(['advisor', 'person']),
  decisionId: z.string(),
  point: DecisionRecord.shape.point,
  classification: Classification,
  reasons: z.array(z.string()),
  phase: z.string().nullable(),
  round: z.int().nullable(),
  scores: DecisionRecord.shape.scores,
  facts: DecisionRecord.shape.facts,
  rule: Move,
  rationale: z.string(),
  moves: z.array(Move),
  blocked: z.array(z.object({ move: Move, reason: z.string() })),
  /** The failure that is decided about; null at other points. */
  failure: z.object({ error: z.string(), cause: z.string(), isRetryable: z.boolean() }).nullable(),
});
export type Question = z.infer<typeof Question>;
