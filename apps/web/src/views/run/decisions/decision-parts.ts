import { z } from 'zod';
import type { Schemas } from '../../../api/api.js';
import type { RunEvent } from '../run-events.js';

/*
 * A decision as the list of decisions has it, and what only the log says of it: its facts, the moves there were, and the
 * advice as it was given. Older logs have less; what they have not is left out.
 */

export type Decision = Schemas['DecisionView'];

const Move = z.object({ id: z.string(), text: z.string().catch('') });
const Facts = z.object({
  errorCount: z.number().catch(0),
  thresholds: z.record(z.string(), z.number()).nullable().catch(null),
  maxRounds: z.number().nullable().catch(null),
  failingTools: z.array(z.string()).nullable().catch(null),
  unrunTools: z.array(z.string()).catch([]),
  unscored: z.string().nullable().catch(null),
  standstill: z.string().nullable().catch(null),
  judges: z
    .array(z.object({ judge: z.string(), model: z.string().nullable().catch(null), passes: z.boolean() }))
    .catch([]),
});
const Question = z.object({
  decisionId: z.string(),
  rule: Move,
  rationale: z.string().catch(''),
  moves: z.array(Move).catch([]),
  blocked: z.array(z.object({ move: Move, reason: z.string() })).catch([]),
});
const Made = z.object({
  decision: z.object({
    decisionId: z.string(),
    scores: z.record(z.string(), z.number()).nullable().catch(null),
    facts: Facts.nullable().catch(null),
    concerns: z.array(z.string()).catch([]),
  }),
});
const Asked = z.object({ question: Question });
const Given = z.object({ decisionId: z.string(), output: z.unknown(), model: z.string().nullable().catch(null) });
const Failed = z.object({ decisionId: z.string(), error: z.string(), cause: z.string().catch('') });

export interface DecisionParts {
  readonly scores: Readonly<Record<string, number>> | null;
  readonly facts: z.infer<typeof Facts> | null;
  readonly concerns: readonly string[];
  readonly question: z.infer<typeof Question> | null;
  /** What the advisor said, as it said it. */
  readonly advice: { readonly output: unknown; readonly model: string | null } | null;
  readonly noAdvice: string | null;
}

const NOTHING: DecisionParts = {
  scores: null,
  facts: null,
  concerns: [],
  question: null,
  advice: null,
  noAdvice: null,
};

/** What one event adds to which decision. */
function partIn({ type, data }: RunEvent): readonly [id: string, part: Partial<DecisionParts>] | null {
  switch (type) {
    case 'DecisionMade': {
      const made = Made.safeParse(data).data?.decision;
      return made === undefined
        ? null
        : [made.decisionId, { scores: made.scores, facts: made.facts, concerns: made.concerns }];
    }
    case 'AdviceRequested': {
      const question = Asked.safeParse(data).data?.question;
      return question === undefined ? null : [question.decisionId, { question }];
    }
    case 'AdviceGiven': {
      const given = Given.safeParse(data).data;
      return given === undefined ? null : [given.decisionId, { advice: { output: given.output, model: given.model } }];
    }
    case 'AdviceFailed': {
      const failed = Failed.safeParse(data).data;
      return failed === undefined ? null : [failed.decisionId, { noAdvice: `${failed.error}: ${failed.cause}` }];
    }
    default:
      return null;
  }
}

/** What the log says of each decision, by its id. */
export function partsOfDecisions(events: readonly RunEvent[]): ReadonlyMap<string, DecisionParts> {
  const parts = new Map<string, DecisionParts>();
  for (const event of events) {
    const found = partIn(event);
    if (found !== null) parts.set(found[0], { ...NOTHING, ...parts.get(found[0]), ...found[1] });
  }
  return parts;
}

/** Whether rule and advice wanted different things, also where the advice was not followed or only recorded. */
export function isDisagreement(decision: Decision, parts: DecisionParts | undefined): boolean {
  const { conflictReason, adviceRejected, shadow, target } = decision;
  if (conflictReason !== null || adviceRejected !== null) return true;
  const move = shadow?.move ?? null;
  return move !== null && move !== (parts?.question?.rule.id ?? `go:${target ?? ''}`);
}

/** Who had the word, and why. */
export function wordOf({ source, conflictReason, adviceRejected, confidence, shadow }: Decision): string {
  switch (source) {
    case 'programmatic':
      if (adviceRejected !== null) return `The rule; the advice could not be followed: ${adviceRejected}`;
      if (shadow !== null) return 'The rule; the advice is only recorded.';
      return confidence === null ? 'The rule; nobody else was heard.' : 'The rule; the advice agreed.';
    case 'llm_override':
      return `The advisor, against the rule${conflictReason === null ? '.' : `: ${conflictReason}`}`;
    case 'programmatic_fallback':
      return `The rule, since there was no advice to follow${adviceRejected === null ? '.' : `: ${adviceRejected}`}`;
    case 'human':
      return 'A person.';
    default:
      return source;
  }
}
