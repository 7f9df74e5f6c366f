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
/** What a person was asked to decide. */
const AskedOfPerson = z.object({
  commandId: z.string(),
  resource: z.literal('baton:approval'),
  arguments: z.object({
    about: z.literal('decision'),
    proposed: Move.extend({ because: z.string().catch('') }),
    moves: z.array(Move).catch([]),
  }),
});
const AnsweredByPerson = z.object({
  commandId: z.string(),
  by: z.object({ type: z.string(), id: z.string(), person: z.string().optional().catch(undefined) }),
  comment: z.string().nullish().catch(null),
  move: z.string().nullish().catch(null),
});
const Said = z.object({ move: z.string(), rationale: z.string().catch('') });
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
  /** Who decided, where that was a person. */
  readonly person: { readonly by: string; readonly move: string; readonly comment: string } | null;
}

const NOTHING: DecisionParts = {
  scores: null,
  facts: null,
  concerns: [],
  question: null,
  advice: null,
  noAdvice: null,
  person: null,
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
  const asked = new Map<string, z.infer<typeof AskedOfPerson>['arguments']>();
  /** The newest answer of a person, and what it caused. */
  let answer: { readonly causationId: string | null; readonly said: z.infer<typeof AnsweredByPerson> } | null = null;
  for (const event of events) {
    if (event.type === 'TaskScheduled') {
      const question = AskedOfPerson.safeParse(event.data).data;
      if (question !== undefined) asked.set(question.commandId, question.arguments);
    }
    if (event.type === 'ApprovalDecided') {
      const said = AnsweredByPerson.safeParse(event.data).data;
      answer = said === undefined ? null : { causationId: event.causationId, said };
    }
    const found = partIn(event);
    if (found === null) continue;
    const [id, part] = found;
    const ofPerson =
      event.type === 'DecisionMade' && answer !== null && answer.causationId === event.causationId
        ? personIn(id, answer.said, asked.get(answer.said.commandId))
        : {};
    parts.set(id, { ...NOTHING, ...parts.get(id), ...ofPerson, ...part });
  }
  return parts;
}

/** A person takes what is proposed, unless they say otherwise. Nothing where they were asked something else. */
function personIn(
  decisionId: string,
  { by, comment, move }: z.infer<typeof AnsweredByPerson>,
  asked: z.infer<typeof AskedOfPerson>['arguments'] | undefined,
): Partial<DecisionParts> {
  if (asked === undefined) return {};
  const { proposed, moves } = asked;
  return {
    person: { by: `${by.type} ${by.person ?? by.id}`, move: move ?? proposed.id, comment: comment ?? '' },
    question: { decisionId, rule: proposed, rationale: proposed.because, moves, blocked: [] },
  };
}

/** Which move each wanted, as far as that is known. */
export interface Wanted {
  readonly rule: string | null;
  readonly advice: string | null;
  readonly person: string | null;
  readonly taken: string | null;
}

export function wantedIn(decision: Decision, parts: DecisionParts | undefined): Wanted {
  const { source, programmaticAlternative, target, shadow } = decision;
  const went = target === null ? null : `go:${target}`;
  const isRules = source === 'programmatic' || source === 'programmatic_fallback';
  const rule = parts?.question?.rule.id ?? programmaticAlternative ?? (isRules ? went : null);
  const said = saidIn(parts)?.move ?? shadow?.move ?? null;
  const advice = said ?? (source === 'llm_override' ? went : null);
  const person = parts?.person?.move ?? (source === 'human' ? went : null);
  return { rule, advice, person, taken: isRules ? rule : source === 'human' ? person : advice };
}

/** The advice as far as it has the form of one. */
export const saidIn = (parts: DecisionParts | undefined): z.infer<typeof Said> | null =>
  Said.safeParse(parts?.advice?.output).data ?? null;

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
      return conflictReason === null ? 'A person.' : `A person, against the rule: ${conflictReason}`;
    default:
      return source;
  }
}
