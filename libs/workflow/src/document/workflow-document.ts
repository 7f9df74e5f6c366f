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

/** What a text is the name of; in the JSON Schema of a document this says which names fit. */
const NAMES = {
  anyState: { 'x-baton-names': 'any-state' },
  phase: { 'x-baton-names': 'phase' },
  template: { 'x-baton-names': 'template' },
};

/** `{% … %}`: an expression of the workflow's query language. */
const Expression = z.string().regex(/^\{%[\s\S]*%\}$/, 'expected an expression {% … %}');

/**
 * A Choice at which the hub makes a recorded decision, and where the facts for it are found. The expressions see what
 * the Choice's own conditions see.
 */
export const DecisionPoint = z.strictObject({
  state: z.string().meta({ description: 'The Choice that is decided.', ...NAMES.anyState }),
  phase: z.string().meta({ description: 'The phase that it belongs to.', ...NAMES.phase }),
  scores: Expression.optional().describe('Gives an object of numbers: dimension → score.'),
  thresholds: Expression.optional().describe(
    'Gives an object of numbers: dimension → the score from which it is good enough.',
  ),
  hysteresis: z
    .number()
    .min(0)
    .max(10)
    .optional()
    .describe(
      'How far a score may fall below a threshold that it has reached in an earlier round, and still be good enough.',
    ),
  round: Expression.optional().describe('Gives the number of the round just finished, from 1.'),
  maxRounds: Expression.optional().describe('Gives the most rounds that are allowed.'),
  failingTools: Expression.optional().describe('Gives the names of the deterministic tools that failed.'),
  unrunTools: Expression.optional().describe(
    'Gives the names of the deterministic tools that should have run and did not: they did not pass either.',
  ),
  findings: Expression.optional().describe(
    "Gives what reviewers found and what is still open, for the advisor's digest.",
  ),
  toolFindings: Expression.optional().describe("Gives what the deterministic tools found, for the advisor's digest."),
  judges: Expression.optional().describe(
    'Gives a list of `{ judge, template, model, passes }`: what each model said of what the tools looked at, too.',
  ),
  passes: Expression.optional().describe(
    'Gives the verdict of the round as true (good enough) or false: it should agree with the scores.',
  ),
  validators: Expression.optional().describe(
    'Gives a list of objects of scores, one for each validator: they should not be far apart.',
  ),
  unscored: Expression.optional().describe(
    'Gives a sentence that says why the round was not scored, where that is as it should be; else null.',
  ),
  standstill: Expression.optional().describe(
    'Gives a sentence where the same again would come of the same work, else null: then no advice asks for it.',
  ),
  output: Expression.optional().describe('Gives what the round made: that the same comes twice is unusual.'),
  needsHuman: Expression.optional().describe(
    'Gives true, or a sentence that says why, where a person has to decide: then no advice does.',
  ),
  needsApproval: Expression.optional().describe(
    'Gives whether a person has to approve before the next phase, or the end: then no advice leads there.',
  ),
});
export type DecisionPoint = z.infer<typeof DecisionPoint>;

/** What a numbered step is: shown to people, and its template is handed to the worker where Arguments name none. */
const Step = z.strictObject({
  number: z.int().positive().describe('Where it stands among the steps, from 1.'),
  title: z.string().min(1).describe('What people read of it.'),
  template: z
    .string()
    .optional()
    .meta({ description: 'What its worker asks the model with, where the Arguments name none.', ...NAMES.template }),
  by: z
    .literal('human', 'say `by: human`, or leave it out and a worker does it')
    .optional()
    .describe('A person does it by hand.'),
  alternateTemplate: z
    .string()
    .optional()
    .meta({
      description: 'Another template for the same work, for a task that failed with the first.',
      ...NAMES.template,
    }),
  maxOutputTokens: MaxOutputTokens.optional().describe('The most tokens of one answer of a model.'),
  cache: CacheWish.optional().describe(
    'That the first question of its tasks may be answered as the very same was before.',
  ),
  budget: TaskBudget.optional().describe('The most that one task of the step may spend.'),
  usual: TaskBudget.optional().describe(
    'What one task of the step usually costs: its share goes by that until the run knows better.',
  ),
});

/** How advice is asked for, how long it is waited for, and the most that it may cost. */
const AdvicePolicy = z.strictObject({
  timeoutSeconds: z.number().positive().max(86_400).default(60).describe('How long advice is waited for.'),
  template: z
    .string()
    .min(1)
    .optional()
    .meta({
      description: 'The template that the advisor is asked with, of the agent `advisor` and the output `Advice`.',
      ...NAMES.template,
    }),
  budget: TaskBudget.optional().describe('The most that one advice may cost.'),
});

/** How a task that failed for good is tried again, before its catchers are asked, and who is asked after that. */
export const RecoveryPolicy = z
  .strictObject({
    strategies: z
      .array(RecoveryStrategy)
      .default([])
      .describe('What may be tried, each once: the one that fits the error first.'),
    most: z.int().min(1).max(10).default(1).describe('How often in one visit of a state.'),
    // biome-ignore lint/suspicious/noThenProperty: a document says in plain words what follows, and nobody awaits a policy
    then: z
      .literal('human')
      .optional()
      .describe(
        '`human`: what is left then is decided by a person, in every mode, before catchers are asked or the run fails.',
      ),
  })
  .refine(({ strategies, then }) => strategies.length > 0 || then !== undefined, {
    message: 'name a strategy, or say `then: human`: a recovery that does neither does nothing',
    path: ['strategies'],
  });
export type RecoveryPolicy = z.infer<typeof RecoveryPolicy>;

/** Whether tasks may put questions to a person, and to whom. What is absent is as in `USUAL_QUESTIONS`. */
const QuestionPolicy = z.strictObject({
  most: z
    .int()
    .min(1, 'say `questions: none` where nobody is to be asked')
    .max(20)
    .optional()
    .describe('How many for one visit of a state.'),
  timeoutSeconds: z
    .number()
    .positive()
    .max(366 * 86_400)
    .optional()
    .describe('How long an answer is waited for; then the task goes on without one. For ever where it is absent.'),
  approvers: ApprovalPolicy.shape.approvers.describe(
    'Who may answer; everybody who may answer approvals where it is absent.',
  ),
  when: Expression.optional().describe('Gives whether anybody may be asked, in the state whose task it is.'),
});

/** From where on facts are not ordinary: what `classify` goes by. */
export const ClassifierLimits = z.strictObject({
  errors: z
    .int()
    .min(0, 'a number of errors is at least 0')
    .max(1_000)
    .default(2)
    .describe('More failed tasks than this make a point complex; 1 up to this, hybrid.'),
  drop: z
    .number()
    .positive('a score that falls by nothing has not fallen')
    .max(10, 'scores go from 0 to 10')
    .default(1)
    .describe('A score that falls by this much from one round to the next is unusual.'),
  gain: z
    .number()
    .min(0, 'a gain is at least 0: below it, scores fall')
    .max(100)
    .default(0.3)
    .describe('Less gain than this between two rounds, all dimensions together, is standing still.'),
  spread: z
    .number()
    .min(0, 'a spread is at least 0')
    .max(10, 'scores go from 0 to 10')
    .default(3)
    .describe('Validators whose scores for the same dimension are further apart than this do not agree.'),
});
export type ClassifierLimits = z.infer<typeof ClassifierLimits>;

/** A place within a value, as a JSON pointer; a part `*` stands for every item of a list or member of an object. */
const Place = z.string().max(1_000);

/** What of a run is about somebody: sealed with the key of that person wherever it is written down. */
const PersonalMark = z.strictObject({
  subject: Place.describe('Where the input says whom it is about: an id, which stays readable.'),
  input: z.array(Place).optional().describe('What of the input is personal.'),
  results: z
    .record(z.string().meta(NAMES.anyState), z.array(Place).min(1, 'name a place; "" is the whole result'))
    .optional()
    .describe(
      "By the name of a Task state, what of its result is: of a worker, a child run, a signal or a person. `''` is all of it.",
    ),
});
export type PersonalMark = z.infer<typeof PersonalMark>;

/** What is said of a budget of nothing. */
export const NO_BUDGET = 'a budget has to be more than 0; leave it out where there is no limit';

/** A workflow document: an Amazon States Language definition and what Baton adds around it. */
export const WorkflowDocument = z.strictObject({
  name: WorkflowName.describe('Which workflow it is: lower case letters, digits and dashes.'),
  version: z
    .string()
    .regex(/^\d+\.\d+\.\d+$/, 'expected a version such as 1.0.0')
    .describe('Three numbers. A published version never changes; the next one is higher.'),
  title: z.string().min(1).describe('What it does, in a line.'),
  description: z.string().optional().describe('More of that, for whoever looks at it.'),
  input: JsonObject.optional().describe("JSON Schema (draft 2020-12) of the run's input: checked before a run begins."),
  definition: JsonObject.describe('The state machine, in Amazon States Language.'),
  phases: z
    .array(
      z.strictObject({
        name: z.string().describe('What decision points and people call it.'),
        states: z.array(z.string().meta(NAMES.anyState)).min(1).describe('The states that belong to it.'),
      }),
    )
    .optional()
    .describe('Groups of states, in order; to go from one to another is a recorded decision.'),
  steps: z
    .record(z.string().meta(NAMES.anyState), Step)
    .optional()
    .describe('By the name of a state, what it is for people, and what its worker is told.'),
  decisions: z
    .strictObject({
      mode: DecisionMode.default('programmatic').describe('Who is asked at a decision: rules, an advisor, or both.'),
      at: z.array(DecisionPoint).default([]).describe('The Choice states that are decision points.'),
      advice: AdvicePolicy.optional().describe('How the advisor is asked.'),
      recovery: RecoveryPolicy.optional().describe('How a task that failed for good is tried again.'),
      limits: ClassifierLimits.optional().describe('From where on facts are not ordinary.'),
    })
    .optional()
    .describe('What is decided on record, and by whom.'),
  personal: z
    .array(PersonalMark)
    .min(1, 'leave it out where nothing is personal')
    .optional()
    .describe('What of input and results is about whom: sealed wherever it is written down.'),
  questions: z
    .union([z.literal('none', 'say `none`, or give most, timeoutSeconds, approvers or when'), QuestionPolicy])
    .optional()
    .describe('Whether tasks may ask a person while they work, and whom.'),
  budget: z
    .strictObject({
      usd: z.number().positive(NO_BUDGET).optional().describe('US dollars.'),
      tokens: z.int().positive(NO_BUDGET).optional().describe('Tokens of all its model calls.'),
      wallClock: z.iso.duration().optional().describe('How long a run may take, such as PT2H.'),
    })
    .optional()
    .describe('What a run may cost at most.'),
});
export type WorkflowDocument = z.infer<typeof WorkflowDocument>;
