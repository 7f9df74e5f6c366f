import type { JsonObject } from '@baton/contracts';
import { z } from 'zod';
import { createOfflineModel } from '../offline-model.js';
import { Code, type PersonComment, Plan, Review, SourceFile, type ToolReport } from '../seven-step/outputs.js';
import type { Language } from '../seven-step/script.js';

const call = createOfflineModel({ delayMs: 0 });

/** What the offline model says to one template, as text. */
export async function answerText(templateId: string, variables: JsonObject): Promise<string> {
  const { text } = await call(
    {
      agent: 'any',
      template: { id: templateId, version: '1.0.0' },
      model: 'offline',
      system: '',
      prompt: '',
      variables,
      output: { name: 'Any', jsonSchema: {} },
      maxOutputTokens: 1,
      conversationId: 'run-1',
    },
    new AbortController().signal,
  );
  return text;
}

/** The same, through JSON and a schema as strict as the agents' own. */
const ask = async <T>(schema: z.ZodType<T>, templateId: string, variables: object): Promise<T> =>
  schema.parse(JSON.parse(await answerText(templateId, JSON.parse(JSON.stringify(variables)))));

const filled = z.string().min(1);

const StrictPlan = z.strictObject({
  goal: filled,
  components: z.array(z.strictObject({ name: filled, purpose: filled })).min(1),
  files: z.array(z.strictObject({ path: filled, purpose: filled })).min(1),
  interfaces: z.array(z.strictObject({ name: filled, signature: filled, description: filled })),
  testPlan: z.array(filled).min(1),
  risks: z.array(filled),
  openQuestions: z.array(filled),
  answers: z.array(z.strictObject({ issueId: filled, answer: filled })),
}) satisfies z.ZodType<Plan>;

const score = z.number().min(0).max(10);

const StrictReview = z.strictObject({
  scores: z.strictObject({ alignment: score, standardization: score, compatibility: score }),
  issues: z.array(
    z.strictObject({
      id: filled,
      severity: z.enum(['critical', 'major', 'minor']),
      place: filled,
      problem: filled,
      fix: filled,
    }),
  ),
  verdict: z.enum(['pass', 'revise']),
  summary: filled,
}) satisfies z.ZodType<Review>;

const Files = z.array(z.strictObject({ path: filled, content: z.string() })) satisfies z.ZodType<SourceFile[]>;

const StrictCode = z.strictObject({
  files: Files.min(1),
  notes: filled,
  testCommand: filled,
}) satisfies z.ZodType<Code>;

const StrictRefinement = z.strictObject({
  changedFiles: Files,
  removedFiles: z.array(filled),
  answers: z.array(z.strictObject({ to: filled, answer: filled })),
  notes: filled,
});
export type StrictRefinement = z.infer<typeof StrictRefinement>;

export interface Facts {
  readonly requirements: string;
  readonly language: Language;
}

export const planOf = (facts: Facts, files: readonly SourceFile[] = []): Promise<Plan> =>
  ask(StrictPlan, 'step1_initial_planner_prompt_template', { ...facts, files });

export const planReview = (facts: Facts, plan: Plan, round: number): Promise<Review> =>
  ask(StrictReview, 'step2_plan_validator_prompt_template', { ...facts, plan, round });

export const planRevision = (
  facts: Facts,
  plan: Plan,
  review: Review,
  comments: readonly PersonComment[] = [],
): Promise<Plan> =>
  ask(StrictPlan, 'step3_revision_planner_prompt_template', { ...facts, plan, review, comments, round: 1 });

const codeOf = (facts: Facts, plan: Plan, files: readonly SourceFile[] = []): Promise<Code> =>
  ask(StrictCode, 'step4_programmer_prompt_template', { ...facts, plan, files });

/** Both level-1 reviews. */
export const codeReviews = (facts: Facts, plan: Plan, code: Code, round: number): Promise<Review[]> =>
  Promise.all(
    [
      'step5a_two_level_validation_agent_prompt_template',
      'step5b_two_level_standardization_validation_agent_prompt_template',
    ].map((id) => ask(StrictReview, id, { ...facts, plan, code, round })),
  );

/** The answer of step 6, and the code with it merged in as the programmer does. */
export async function refined(
  facts: Facts,
  plan: Plan,
  code: Code,
  reviews: readonly Review[],
  toolReport: ToolReport,
  comments: readonly PersonComment[] = [],
): Promise<{ readonly answer: StrictRefinement; readonly code: Code }> {
  const variables = { ...facts, plan, code, reviews, toolReport, comments, round: 1 };
  const answer = await ask(StrictRefinement, 'step6_code_refinement_programmer_prompt_template', variables);
  const files = new Map(code.files.map((file) => [file.path, file]));
  for (const file of answer.changedFiles) files.set(file.path, file);
  return { answer, code: { ...code, files: [...files.values()] } };
}

export const failedTests: ToolReport = {
  tools: [{ tool: 'tests', status: 'failed', findings: [{ file: null, message: 'a test fails' }] }],
  failing: ['tests'],
};

export const noFailure: ToolReport = { tools: [], failing: [] };

export interface Rounds {
  readonly firstPlan: Plan;
  readonly firstPlanReview: Review;
  readonly plan: Plan;
  readonly planReview: Review;
  readonly firstCode: Code;
  readonly firstCodeReviews: readonly Review[];
  readonly refinement: StrictRefinement;
  readonly code: Code;
  readonly codeReviews: readonly Review[];
}

/** Two rounds of each phase, as the workflow makes them. */
export async function twoRounds(facts: Facts, files: readonly SourceFile[] = []): Promise<Rounds> {
  const firstPlan = await planOf(facts, files);
  const firstPlanReview = await planReview(facts, firstPlan, 1);
  const plan = await planRevision(facts, firstPlan, firstPlanReview);
  const made = await codeOf(facts, plan, files);
  const firstCode = { ...made, files: [...files, ...made.files] };
  const firstCodeReviews = await codeReviews(facts, plan, firstCode, 1);
  const { answer, code } = await refined(facts, plan, firstCode, firstCodeReviews, failedTests);
  return {
    firstPlan,
    firstPlanReview,
    plan,
    planReview: await planReview(facts, plan, 2),
    firstCode,
    firstCodeReviews,
    refinement: answer,
    code,
    codeReviews: await codeReviews(facts, plan, code, 2),
  };
}
