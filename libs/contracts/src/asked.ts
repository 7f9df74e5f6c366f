import { z } from 'zod';
import type { Json, JsonObject } from './json.js';
import { TreeVersion } from './workspaces.js';

/*
 * What a question to a person is made of, for whoever shows it: the command and the dashboard. It is whatever a workflow made of
 * it: what is known of its parts is laid out, and the rest is shown as it is, so nothing that somebody is to decide on is hidden.
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

export type AskedReview = z.infer<typeof Review>;
export type AskedToolReport = z.infer<typeof ToolReport>;
export type AskedPanel = z.infer<typeof Panel>;
type Move = z.infer<typeof Move>;

export interface Asked {
  /** What kind of answer it waits for. */
  readonly kind: 'question' | 'work' | 'decision' | 'approval';
  readonly question: string | null;
  readonly choices: readonly string[];
  readonly moves: readonly Move[];
  readonly proposed: z.infer<typeof Proposed> | null;
  readonly reasons: readonly string[];
  readonly reviews: readonly AskedReview[];
  readonly toolReport: AskedToolReport | null;
  readonly panel: AskedPanel | null;
  readonly comments: readonly { readonly by: string | null; readonly comment: string }[];
  /** What each answer leads to, where the workflow says so. */
  readonly answers: Readonly<Record<string, string>>;
  /** The member that holds the work itself, as `plan` or `code`; null where there is none. */
  readonly subject: { readonly name: string; readonly value: Json } | null;
  /** The versions of a workspace that it is about; null where it is about none. */
  readonly versions: { readonly base: string; readonly tree: string } | null;
  /** Of a deployment whose command does not stand in the question: the version that says it. */
  readonly deployBase: string | null;
  /** Of work by hand: the version to go on from, and the kind of worker that will look at it. */
  readonly tree: string | null;
  readonly worker: string | null;
  readonly problems: Json | null;
  /** What no part above shows. */
  readonly rest: Readonly<Record<string, Json>>;
}

const KINDS = ['question', 'work', 'decision'] as const;
const SUBJECTS = ['code', 'plan', 'deliverable'] as const;
const Versions = z.object({ base: TreeVersion, tree: TreeVersion });
const Answers = z.record(z.string(), z.string());

/** @param given the Arguments of the state that asks */
export function askedIn(given: Json): Asked {
  const parts: Readonly<Record<string, Json>> = isJsonObject(given) ? given : {};
  const subject = SUBJECTS.find((name) => isJsonObject(parts[name]));
  const value = subject === undefined ? undefined : parts[subject];
  return {
    kind: KINDS.find((kind) => kind === parts.about) ?? 'approval',
    question: oneOf(z.string(), parts.question),
    choices: listOf(z.string(), parts.choices),
    moves: listOf(Move, parts.moves),
    proposed: oneOf(Proposed, parts.proposed),
    reasons: listOf(z.string(), parts.reasons),
    reviews: [...listOf(Review, parts.review), ...listOf(Review, parts.reviews)],
    toolReport: oneOf(ToolReport, parts.toolReport),
    panel: oneOf(Panel, parts.panel),
    comments: listOf(Comment, parts.comments),
    answers: oneOf(Answers, parts.answers) ?? {},
    subject: subject === undefined || value === undefined ? null : { name: subject, value },
    versions: versionsIn(given) ?? (value === undefined ? null : versionsIn(value)),
    deployBase: parts.deploy === undefined ? (oneOf(Versions, given)?.base ?? null) : null,
    tree: oneOf(z.object({ tree: z.string() }), parts.workspace)?.tree ?? null,
    worker: oneOf(z.string(), parts.worker),
    problems: parts.problems ?? null,
    rest: isJsonObject(given)
      ? Object.fromEntries(Object.entries(given).filter(([name, each]) => name !== subject && !isShown(name, each)))
      : { value: given },
  };
}

/** The version that it is about, and the one that was made from, as a question names them, or the work in it. */
export const versionsIn = (value: Json): Asked['versions'] =>
  oneOf(Versions, value) ?? oneOf(z.object({ workspace: Versions }), value)?.workspace ?? null;

/** What the parts that are known hold: what is of another shape is shown as it is. */
const PARTS: Readonly<Record<string, z.ZodType>> = {
  ...{ title: z.string(), about: z.string(), askedBy: z.string(), worker: z.string(), question: z.string() },
  ...{ review: Review, reviews: Review, comments: Comment, moves: Move, choices: z.string(), reasons: z.string() },
  ...{ toolReport: ToolReport, panel: Panel, proposed: Proposed, answers: Answers, problems: z.unknown() },
  policy: z.unknown(),
};

function isShown(name: string, value: Json): boolean {
  const schema = Object.hasOwn(PARTS, name) ? PARTS[name] : undefined;
  if (schema === undefined) return false;
  return (
    schema.safeParse(value).success || (Array.isArray(value) && value.every((each) => schema.safeParse(each).success))
  );
}

export const isJsonObject = (value: Json | undefined): value is JsonObject =>
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
