import { z } from 'zod';
import { Role } from './approvals.js';
import { DoneBy, HandInParts } from './hand-ins.js';
import { CommandId, RunId } from './ids.js';
import { Json, JsonObject } from './json.js';
import { TaskToken } from './task-tokens.js';
import { ServerChoices } from './tool-servers.js';
import { MOST_OF_TRACEPARENT } from './trace.js';

/*
 * What a person or a program asks for. A member that is not known is refused, by whatever door it comes: it may be a limit
 * that was misspelt, and would be left out without a word.
 */

/** Makes a request idempotent: the same id is accepted once, whatever the way it came. */
export const RequestId = z.string().min(1).max(200);
export type RequestId = z.infer<typeof RequestId>;

/**
 * The id of a request that comes in, through whatever door: the same characters are the same id. Logs from before may hold
 * others. Postgres text holds no NUL, a control character in an id helps nobody, and half a surrogate pair has no bytes.
 */
export const NewRequestId = RequestId.regex(
  /^[^\p{Cc}\p{Cs}]+$/u,
  'must not hold control characters or half a surrogate pair',
);

export const WorkflowName = z.string().regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'expected kebab-case');
export const WorkflowRef = z
  .string()
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*(@\d+\.\d+\.\d+)?$/, 'expected name or name@version, such as seven-step@1.0.0');

/** `auto` is hybrid from the first answer of a language model in the run on, and programmatic where only the offline model answers. */
export const DecisionMode = z.enum(['programmatic', 'llm', 'hybrid', 'shadow', 'auto']);
export type DecisionMode = z.infer<typeof DecisionMode>;

/** A person or a key, as `user:ada` or `apikey:ci`. */
const PersonName = z.string().min(1).max(220);

/** Who did something: recorded with every event. */
export const Actor = z.object({
  type: z.enum(['user', 'apikey', 'agent', 'system', 'producer']),
  id: z.string().min(1).max(200),
  /** How it is known who that is: `oidc` by a token, `jws` by a signature. Absent: by the credential of that name. */
  via: z.string().max(100).optional(),
  /** Whose the credential is, where it is not somebody of its own. */
  person: PersonName.optional(),
  /** Who else has seen the credential, and so can act under its name. */
  knownTo: z.array(PersonName).max(10).optional(),
});
export type Actor = z.infer<typeof Actor>;

/** Whoever a request says that it comes from. */
const Asker = Actor.strict().optional();

/** The id of a prompt template, and the name of one of its variants; the usual one is `main`. */
export const TemplateId = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,99}$/, 'expected lower case letters, digits and underscores');
export const VariantName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, 'expected lower case letters, digits and dashes, at most 40 of them');

/**
 * How the agents of a run work, where it is not as their services are set up: another model for all of them, the variants of
 * templates that they are asked with, and which tools of servers outside they are left.
 */
export const RunAgents = z.strictObject({
  model: z.string().min(1).max(200).optional(),
  /** Template id → variant. */
  templates: z.record(TemplateId, VariantName).optional(),
  /** `server` or `server:tool`, each: no more of what the operators of the workers allow. Absent: all of that. */
  mcpServers: ServerChoices.optional(),
});
export type RunAgents = z.infer<typeof RunAgents>;

/** W3C trace context of whoever asks: what follows from the request belongs to that trace. What is none is left out. */
const Traceparent = z.string().max(MOST_OF_TRACEPARENT).optional().catch(undefined);

/** Job `submit` on `intake`. */
export const SubmitRun = z.strictObject({
  requestId: NewRequestId,
  workflow: WorkflowRef,
  input: JsonObject,
  runId: RunId.optional(),
  /** 0 is most urgent. */
  priority: z.int().min(0).max(3).optional(),
  labels: z.record(z.string().min(1).max(63), z.string().max(255)).optional(),
  decisions: z.strictObject({ mode: DecisionMode }).optional(),
  agents: RunAgents.optional(),
  /** The steps that a person does by hand. */
  by: DoneBy.optional(),
  budget: z
    .strictObject({
      usd: z.number().positive().optional(),
      tokens: z.int().positive().optional(),
      wallClock: z.iso
        .duration()
        .refine((text) => !/^P[^T]*[YM]/.test(text), 'a year or a month has no length of its own: give days or hours')
        .optional(),
    })
    .optional(),
  /** Set by the gateway from the caller's credentials; a direct producer's own word is recorded as such. */
  actor: Asker,
  traceparent: Traceparent,
});
export type SubmitRun = z.infer<typeof SubmitRun>;

/**
 * Job `signed` on `intake`: a request of a producer that proves who it is. The payload of the JWS is a SignedRequest, its `kid`
 * the name of the producer, its algorithm EdDSA.
 */
export const SignedMessage = z.strictObject({
  requestId: NewRequestId,
  jws: z.string().regex(/^[\w-]+\.[\w-]+\.[\w-]+$/),
});
export type SignedMessage = z.infer<typeof SignedMessage>;

/** What is signed: a job of `intake` by its name, and its data, whose `requestId` is the one beside the signature. */
export const SignedRequest = z.strictObject({ name: z.string().min(1).max(50), request: JsonObject });

/** What every request about a run that exists has in common. */
const aboutRun = { requestId: NewRequestId, runId: RunId, actor: Asker, traceparent: Traceparent };
const Reason = z.string().max(2000).optional();

/** What is said of a task by its token; which of it, the kind of the answer says. */
export const TaskTokenAnswer = z.strictObject({
  output: Json.optional(),
  /** What Retry and Catch match. */
  error: z.string().min(1).max(256).optional(),
  cause: z.string().max(32_768).optional(),
});

/** Job `cancel` on `intake`. */
export const CancelRun = z.strictObject({ ...aboutRun, reason: Reason });
export type CancelRun = z.infer<typeof CancelRun>;

/** Job `pause` on `intake`: nothing new begins, results of what is under way are kept. */
export const PauseRun = z.strictObject({ ...aboutRun, reason: Reason });
export type PauseRun = z.infer<typeof PauseRun>;

/** Job `rate` on `intake`: what a person thinks of what a run made, or of one of its decisions or steps; also after its end. */
export const RateRun = z.strictObject({
  ...aboutRun,
  /** 5 is best. */
  score: z.int().min(1).max(5),
  note: z.string().max(4000).optional(),
  /** What is rated, where it is not the run as a whole: a decision by its id, or a state by its name. */
  decisionId: z.string().min(1).max(200).optional(),
  state: z.string().min(1).max(200).optional(),
});
export type RateRun = z.infer<typeof RateRun>;

/** Job `resume` on `intake`. */
export const ResumeRun = z.strictObject(aboutRun);
export type ResumeRun = z.infer<typeof ResumeRun>;

/** The part after `baton:signal:` in a Task's Resource. */
export const SignalName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9._-]{0,99}$/, 'expected letters, digits, dots and dashes');
export type SignalName = z.infer<typeof SignalName>;

/** Job `signal` on `intake`. A signal nobody waits for yet is kept for the first state that does. */
export const SignalRun = z.strictObject({ ...aboutRun, name: SignalName, data: Json.optional() });
export type SignalRun = z.infer<typeof SignalRun>;

/** `answer` is what is said to a question of a task, in the comment. */
export const ApprovalAnswer = z.enum(['approve', 'reject', 'request-changes', 'answer']);
export type ApprovalAnswer = z.infer<typeof ApprovalAnswer>;

/** An approval's id is that of the command that asks for it: it stays the same for as long as the question stands. */
export const ApprovalId = CommandId;

/** Job `decide-approval` on `intake`. */
export const DecideApproval = z.strictObject({
  ...aboutRun,
  approvalId: ApprovalId,
  decision: ApprovalAnswer,
  comment: z.string().max(10_000).optional(),
  /** One of the moves that a question about a decision offers; the one it proposes where this is absent. */
  move: z.string().max(200).optional(),
  /** What is handed in for a task that a person does by hand, with the decision `answer`. */
  ...HandInParts,
  /** SHA-256 (hex) of what the approver saw; an answer about anything else is refused. */
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  /** The roles of whoever answers. Set by the gateway from the caller's credentials; nobody else is believed. */
  roles: z.array(Role).max(Role.options.length).optional(),
});
export type DecideApproval = z.infer<typeof DecideApproval>;

/**
 * Job `answer-task` on `intake`: the task that gave out the token succeeded, failed or goes on. What the gateway took names the
 * command instead of the token, which it has looked at.
 */
export const AnswerTask = z
  .strictObject({
    requestId: NewRequestId,
    actor: Asker,
    traceparent: Traceparent,
    answer: z.enum(['success', 'failure', 'heartbeat']),
    token: TaskToken.optional(),
    runId: RunId.optional(),
    commandId: CommandId.optional(),
    ...TaskTokenAnswer.shape,
  })
  .refine(({ token, commandId }) => (token === undefined) !== (commandId === undefined), {
    message: 'the token of the task must be there',
    path: ['token'],
  });
export type AnswerTask = z.infer<typeof AnswerTask>;

/** Job `retry` on `intake`: a failed run goes on from the states that failed. */
export const RetryRun = z.strictObject({ ...aboutRun, reason: Reason });
export type RetryRun = z.infer<typeof RetryRun>;

/** Job `fork` on `intake`: a new run takes the state that `runId` had after its event `at`, and goes on from there. */
export const ForkRun = z.strictObject({
  ...aboutRun,
  at: z.int().positive(),
  /** The id of the new run; derived from the request id where it is absent. */
  forkId: RunId.optional(),
  labels: SubmitRun.shape.labels,
  /** Variables of the run that the fork has otherwise. */
  set: JsonObject.optional(),
  /** What the state is given that the fork goes on with; in front of all states, the input of the run. */
  input: Json.optional(),
});
export type ForkRun = z.infer<typeof ForkRun>;
