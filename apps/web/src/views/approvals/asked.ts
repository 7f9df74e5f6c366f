import type { Json } from '@baton/contracts';
import { z } from 'zod';

/*
 * What a question is made of. It is whatever a workflow made of it: what is known of its parts is laid out, and the rest is
 * shown as it is, so nothing that somebody is to decide on is hidden.
 */

const Issue = z.looseObject({
  severity: z.string().optional(),
  place: z.string().optional(),
  problem: z.string().optional(),
  text: z.string().optional(),
  fix: z.string().optional(),
});
const Review = z.looseObject({
  verdict: z.string().optional(),
  scores: z.record(z.string(), z.number()).optional(),
  summary: z.string().optional(),
  issues: z.array(Issue).default([]),
  judgedBy: z.looseObject({ model: z.string().optional() }).optional(),
});
const Tool = z.looseObject({
  tool: z.string(),
  status: z.string(),
  durationMs: z.number().optional(),
  findings: z.array(z.unknown()).default([]),
  reason: z.string().nullish(),
});
const ToolReport = z.looseObject({
  passed: z.boolean(),
  tools: z.array(Tool),
  warning: z.string().nullish(),
  unableReason: z.string().nullish(),
});
const Panel = z.looseObject({
  rounds: z.array(z.object({ round: z.number(), scores: z.record(z.string(), z.number()) })).default([]),
  thresholds: z.record(z.string(), z.number()).optional(),
  failures: z.array(z.looseObject({ state: z.string(), error: z.string(), cause: z.string().default('') })).default([]),
  spent: z.looseObject({ usd: z.number().nullable(), tokens: z.number() }).optional(),
  maxRounds: z.number().nullish(),
});
const Move = z.looseObject({ id: z.string(), text: z.string() });
const Proposed = Move.extend({ because: z.string().optional() });
const Comment = z.union([
  z.string().transform((comment) => ({ by: null, comment })),
  z.looseObject({ by: z.unknown(), comment: z.string() }).transform(({ by, comment }) => ({ by: nameOf(by), comment })),
]);

export type Review = z.infer<typeof Review>;
export type ToolReport = z.infer<typeof ToolReport>;
export type Panel = z.infer<typeof Panel>;
export type Move = z.infer<typeof Move>;

export interface Asked {
  /** What kind of answer it waits for. */
  readonly kind: 'question' | 'work' | 'decision' | 'approval';
  readonly question: string | null;
  readonly choices: readonly string[];
  readonly moves: readonly Move[];
  readonly proposed: z.infer<typeof Proposed> | null;
  readonly reasons: readonly string[];
  readonly reviews: readonly Review[];
  readonly toolReport: ToolReport | null;
  readonly panel: Panel | null;
  readonly comments: readonly { readonly by: string | null; readonly comment: string }[];
  /** What each answer leads to, where the workflow says so. */
  readonly answers: Readonly<Record<string, string>>;
  /** The member that holds the work itself, as `plan` or `code`; null where there is none. */
  readonly subject: { readonly name: string; readonly value: Json } | null;
  /** Of work by hand: the version to go on from, and the kind of worker that will look at it. */
  readonly tree: string | null;
  readonly worker: string | null;
  readonly problems: Json | null;
  /** What no part above shows. */
  readonly rest: Readonly<Record<string, Json>>;
}

const KINDS = ['question', 'work', 'decision'] as const;
const SHOWN = new Set(
  'title about question review reviews toolReport plan code panel moves proposed reasons policy comments choices answers problems askedBy worker'.split(
    ' ',
  ),
);
const SUBJECTS = ['code', 'plan', 'deliverable'] as const;

/** @param given the Arguments of the state that asks */
export function askedIn(given: Json): Asked {
  const parts: Readonly<Record<string, Json>> = isRecord(given) ? given : {};
  const subject = SUBJECTS.find((name) => isRecord(parts[name]));
  const value = subject === undefined ? undefined : parts[subject];
  const isSubject = (name: string): boolean => name === subject;
  return {
    kind: KINDS.find((kind) => kind === parts.about) ?? 'approval',
    question: typeof parts.question === 'string' ? parts.question : null,
    choices: listOf(z.string(), parts.choices),
    moves: listOf(Move, parts.moves),
    proposed: oneOf(Proposed, parts.proposed),
    reasons: listOf(z.string(), parts.reasons),
    reviews: [...listOf(Review, parts.review), ...listOf(Review, parts.reviews)],
    toolReport: oneOf(ToolReport, parts.toolReport),
    panel: oneOf(Panel, parts.panel),
    comments: listOf(Comment, parts.comments),
    answers: oneOf(z.record(z.string(), z.string()), parts.answers) ?? {},
    subject: subject === undefined || value === undefined ? null : { name: subject, value },
    tree: oneOf(z.object({ tree: z.string() }), parts.workspace)?.tree ?? null,
    worker: typeof parts.worker === 'string' ? parts.worker : null,
    problems: parts.problems ?? null,
    rest: isRecord(given)
      ? Object.fromEntries(Object.entries(given).filter(([name]) => !SHOWN.has(name) && !isSubject(name)))
      : { value: given },
  };
}

export const isRecord = (value: Json | undefined): value is Readonly<Record<string, Json>> & Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function oneOf<S extends z.ZodType>(schema: S, value: unknown): z.output<S> | null {
  const parsed = schema.safeParse(value);
  return parsed.success ? parsed.data : null;
}

/** A list, or one thing that is no list; what is of another shape is left out. */
function listOf<S extends z.ZodType>(schema: S, value: unknown): z.output<S>[] {
  if (value === undefined || value === null) return [];
  return (Array.isArray(value) ? value : [value]).flatMap((each) => {
    const parsed = schema.safeParse(each);
    return parsed.success ? [parsed.data] : [];
  });
}

const Named = z.object({ type: z.string(), id: z.string() });

function nameOf(by: unknown): string | null {
  if (typeof by === 'string') return by;
  const actor = Named.safeParse(by);
  return actor.success ? `${actor.data.type}:${actor.data.id}` : null;
}
