import {
  ApprovalPolicy,
  CacheWish,
  DecisionMode,
  JsonObject,
  MaxOutputTokens,
  RecoveryStrategy,
  TaskBudget,
  WorkflowName,
} from '@baton/contracts';
import { z } from 'zod';

/** `{% … %}`: an expression of the workflow's query language. */
const Expression = z.string().regex(/^\{%[\s\S]*%\}$/, 'expected an expression {% … %}');

/**
 * A Choice at which the hub makes a recorded decision, and where the facts for it are found. The expressions see what
 * the Choice's own conditions see.
 */
export const DecisionPoint = z.strictObject({
  state: z.string(),
  phase: z.string(),
  /** Gives an object of numbers: dimension → score. */
  scores: Expression.optional(),
  /** Gives an object of numbers: dimension → the score from which it is good enough. */
  thresholds: Expression.optional(),
  /** How far a score may fall below a threshold that it has reached in an earlier round, and still be good enough. */
  hysteresis: z.number().min(0).max(10).optional(),
  /** Gives the number of the round just finished, from 1. */
  round: Expression.optional(),
  /** Gives the most rounds that are allowed. */
  maxRounds: Expression.optional(),
  /** Gives the names of the deterministic tools that failed. */
  failingTools: Expression.optional(),
  /** Gives the names of the deterministic tools that should have run and did not: they did not pass either. */
  unrunTools: Expression.optional(),
  /** Gives what reviewers found and what is still open, for the advisor's digest. */
  findings: Expression.optional(),
  /** Gives what the deterministic tools found, for the advisor's digest. */
  toolFindings: Expression.optional(),
  /** Gives a list of `{ judge, template, model, passes }`: what each model said of what the tools looked at, too. */
  judges: Expression.optional(),
  /** Gives the verdict of the round as true (good enough) or false: it should agree with the scores. */
  passes: Expression.optional(),
  /** Gives a list of objects of scores, one for each validator: they should not be far apart. */
  validators: Expression.optional(),
  /** Gives a sentence that says why the round was not scored, where that is as it should be; else null. */
  unscored: Expression.optional(),
  /** Gives a sentence where the same again would come of the same work, else null: then no advice asks for it. */
  standstill: Expression.optional(),
  /** Gives what the round made: that the same comes twice is unusual. */
  output: Expression.optional(),
  /** Gives true, or a sentence that says why, where a person has to decide: then no advice does. */
  needsHuman: Expression.optional(),
  /** Gives whether a person has to approve before the next phase, or the end: then no advice leads there. */
  needsApproval: Expression.optional(),
});
export type DecisionPoint = z.infer<typeof DecisionPoint>;

/** What a numbered step is: shown to people, and its template is handed to the worker where Arguments name none. */
const Step = z.strictObject({
  number: z.int().positive(),
  title: z.string().min(1),
  template: z.string().optional(),
  /** A person does it by hand. */
  by: z.literal('human', 'say `by: human`, or leave it out and a worker does it').optional(),
  /** Another template for the same work, for a task that failed with the first. */
  alternateTemplate: z.string().optional(),
  /** The most tokens of one answer of a model. */
  maxOutputTokens: MaxOutputTokens.optional(),
  /** That the first question of its tasks may be answered as the very same was before. */
  cache: CacheWish.optional(),
  /** The most that one task of the step may spend. */
  budget: TaskBudget.optional(),
  /** What one task of the step usually costs: its share goes by that until the run knows better. */
  usual: TaskBudget.optional(),
});

/** How advice is asked for, how long it is waited for, and the most that it may cost. */
const AdvicePolicy = z.strictObject({
  timeoutSeconds: z.number().positive().max(86_400).default(60),
  /** The template that the advisor is asked with, of the agent `advisor` and the output `Advice`. */
  template: z.string().min(1).optional(),
  budget: TaskBudget.optional(),
});

/** How a task that failed for good is tried again, before its catchers are asked, and who is asked after that. */
export const RecoveryPolicy = z
  .strictObject({
    strategies: z.array(RecoveryStrategy).default([]),
    /** How often in one visit of a state. */
    most: z.int().min(1).max(10).default(1),
    /** `human`: what is left then is decided by a person, in every mode, before catchers are asked or the run fails. */
    // biome-ignore lint/suspicious/noThenProperty: a document says in plain words what follows, and nobody awaits a policy
    then: z.literal('human').optional(),
  })
  .refine(({ strategies, then }) => strategies.length > 0 || then !== undefined, {
    message: 'name a strategy, or say `then: human`: a recovery that does neither does nothing',
    path: ['strategies'],
  });
export type RecoveryPolicy = z.infer<typeof RecoveryPolicy>;

/** Whether tasks may put questions to a person, and to whom. What is absent is as in `USUAL_QUESTIONS`. */
const QuestionPolicy = z.strictObject({
  /** How many for one visit of a state. */
  most: z.int().min(1, 'say `questions: none` where nobody is to be asked').max(20).optional(),
  /** How long an answer is waited for; then the task goes on without one. For ever where it is absent. */
  timeoutSeconds: z
    .number()
    .positive()
    .max(366 * 86_400)
    .optional(),
  /** Who may answer; everybody who may answer approvals where it is absent. */
  approvers: ApprovalPolicy.shape.approvers,
  /** Gives whether anybody may be asked, in the state whose task it is. */
  when: Expression.optional(),
});

/** From where on facts are not ordinary: what `classify` goes by. */
export const ClassifierLimits = z.strictObject({
  /** More failed tasks than this make a point complex; 1 up to this, hybrid. */
  errors: z.int().min(0, 'a number of errors is at least 0').max(1_000).default(2),
  /** A score that falls by this much from one round to the next is unusual. */
  drop: z
    .number()
    .positive('a score that falls by nothing has not fallen')
    .max(10, 'scores go from 0 to 10')
    .default(1),
  /** Less gain than this between two rounds, all dimensions together, is standing still. */
  gain: z.number().min(0, 'a gain is at least 0: below it, scores fall').max(100).default(0.3),
  /** Validators whose scores for the same dimension are further apart than this do not agree. */
  spread: z.number().min(0, 'a spread is at least 0').max(10, 'scores go from 0 to 10').default(3),
});
export type ClassifierLimits = z.infer<typeof ClassifierLimits>;

/** A place within a value, as a JSON pointer; a part `*` stands for every item of a list or member of an object. */
const Place = z.string().max(1_000);

/** What of a run is about somebody: sealed with the key of that person wherever it is written down. */
const PersonalMark = z.strictObject({
  /** Where the input says whom it is about: an id, which stays readable. */
  subject: Place,
  /** What of the input is personal. */
  input: z.array(Place).optional(),
  /** By the name of a Task state, what of its result is: of a worker, a child run, a signal or a person. `''` is all of it. */
  results: z.record(z.string(), z.array(Place).min(1, 'name a place; "" is the whole result')).optional(),
});
export type PersonalMark = z.infer<typeof PersonalMark>;

/** What is said of a budget of nothing. */
export const NO_BUDGET = 'a budget has to be more than 0; leave it out where there is no limit';

/** A workflow document: an Amazon States Language definition and what Baton adds around it. */
export const WorkflowDocument = z.strictObject({
  name: WorkflowName,
  version: z.string().regex(/^\d+\.\d+\.\d+$/, 'expected a version such as 1.0.0'),
  title: z.string().min(1),
  description: z.string().optional(),
  /** JSON Schema (draft 2020-12) of the run's input. */
  input: JsonObject.optional(),
  definition: JsonObject,
  phases: z.array(z.strictObject({ name: z.string(), states: z.array(z.string()).min(1) })).optional(),
  steps: z.record(z.string(), Step).optional(),
  decisions: z
    .strictObject({
      mode: DecisionMode.default('programmatic'),
      at: z.array(DecisionPoint).default([]),
      advice: AdvicePolicy.optional(),
      recovery: RecoveryPolicy.optional(),
      limits: ClassifierLimits.optional(),
    })
    .optional(),
  personal: z.array(PersonalMark).min(1, 'leave it out where nothing is personal').optional(),
  questions: z
    .union([z.literal('none', 'say `none`, or give most, timeoutSeconds, approvers or when'), QuestionPolicy])
    .optional(),
  budget: z
    .strictObject({
      usd: z.number().positive(NO_BUDGET).optional(),
      tokens: z.int().positive(NO_BUDGET).optional(),
      wallClock: z.iso.duration().optional(),
    })
    .optional(),
});
export type WorkflowDocument = z.infer<typeof WorkflowDocument>;
