import { z } from 'zod';

/**
 * The shapes the scripted model answers with and finds in its variables. They are wider than what the agents demand
 * of an answer (every field has a default), because a plan or a review may come from another model or a person.
 */
const text = z.string().catch('');
const list = <T extends z.ZodType>(item: T) => z.array(item).catch([]).default([]);

export const SourceFile = z.object({ path: z.string(), content: z.string() });
export type SourceFile = z.infer<typeof SourceFile>;

export const Plan = z.object({
  goal: text.default(''),
  components: list(z.object({ name: text, purpose: text })),
  files: list(z.object({ path: text, purpose: text })),
  interfaces: list(z.object({ name: text, signature: text, description: text })),
  testPlan: list(z.string()),
  risks: list(z.string()),
  openQuestions: list(z.string()),
  answers: list(z.object({ issueId: text, answer: text })),
});
export type Plan = z.infer<typeof Plan>;

export const Severity = z.enum(['critical', 'major', 'minor']);
export type Severity = z.infer<typeof Severity>;

export const Scores = z.object({
  alignment: z.number(),
  standardization: z.number(),
  compatibility: z.number(),
});
export type Scores = z.infer<typeof Scores>;
export type Dimension = keyof Scores;

export const Issue = z.object({
  id: z.string(),
  severity: Severity.catch('major'),
  place: text.default(''),
  problem: text.default(''),
  fix: text.default(''),
});
export type Issue = z.infer<typeof Issue>;

export const Review = z.object({
  scores: Scores.catch({ alignment: 0, standardization: 0, compatibility: 0 }),
  issues: list(Issue),
  verdict: z.enum(['pass', 'revise']).catch('revise'),
  summary: text.default(''),
});
export type Review = z.infer<typeof Review>;

/** What a person asked for at a gate. */
export const PersonComment = z.object({ id: z.string(), by: text.default(''), comment: text.default('') });
export type PersonComment = z.infer<typeof PersonComment>;

export const Code = z.object({ files: list(SourceFile), notes: text.default(''), testCommand: text.default('') });
export type Code = z.infer<typeof Code>;

export const ToolReport = z.object({
  tools: list(
    z.object({
      tool: z.string(),
      status: z.string().catch('failed'),
      findings: list(z.object({ file: z.string().nullish(), message: text })),
    }),
  ),
  failing: list(z.string()),
});
export type ToolReport = z.infer<typeof ToolReport>;

/** The answer of step 4. */
export type Implementation = Code;

/** The answer of step 6. */
export interface Refinement {
  readonly changedFiles: readonly SourceFile[];
  readonly removedFiles: readonly string[];
  readonly answers: readonly { readonly to: string; readonly answer: string }[];
  readonly notes: string;
}
