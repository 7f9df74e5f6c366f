import { z } from 'zod';
import { Anomaly } from './anomalies.js';
import { RunId } from './ids.js';
import { Actor, ApprovalId, WorkflowName } from './intake.js';

/** What a webhook can be told of. */
export const WebhookEvent = z.enum([
  'approval.requested',
  'approval.reminded',
  'approval.escalated',
  'run.finished',
  'run.parked',
  'budget.warning',
  'budget.exhausted',
  'dead-letter.recorded',
  'anomaly.detected',
]);
export type WebhookEvent = z.infer<typeof WebhookEvent>;

const aboutRun = { runId: RunId, workflow: z.string(), workflowVersion: z.string() };
/** Absolute URLs, below the public address of the gateway. */
const runLinks = { run: z.string(), events: z.string() };
/** Dollars, tokens or seconds. */
const spending = {
  ...aboutRun,
  kind: z.enum(['usd', 'tokens', 'wallClock']),
  used: z.number(),
  limit: z.number(),
  links: z.object(runLinks),
};
/** The question to a person that it is about. */
const approval = {
  ...aboutRun,
  approvalId: ApprovalId,
  /** At most its first 500 characters. */
  title: z.string().nullable(),
  dueAt: z.string().nullable(),
  /** SHA-256 (hex) of what is to be approved. */
  sha256: z.string(),
  links: z.object({ ...runLinks, approval: z.string() }),
};
const notification = <const T extends string, S extends z.ZodRawShape>(type: T, data: S) =>
  z.object({
    type: z.literal(type),
    /** When it happened, not when it was sent. */
    timestamp: z.iso.datetime(),
    data: z.object(data),
  });

/**
 * The body of a request to a webhook. It says what happened and where to look; it never holds what a task was given or
 * gave. Members may be added: a receiver ignores those it does not know.
 */
export const Notification = z.discriminatedUnion('type', [
  notification('approval.requested', approval),
  /** Nobody has answered for as long as its policy waits before it reminds. */
  notification('approval.reminded', approval),
  /** Nobody has answered for too long: from now on these may, too. */
  notification('approval.escalated', { ...approval, to: z.array(z.string()) }),
  notification('run.finished', {
    ...aboutRun,
    status: z.enum(['succeeded', 'failed', 'cancelled']),
    /** The name of the error of a run that failed. */
    error: z.string().nullable(),
    links: z.object({ ...runLinks, result: z.string() }),
  }),
  /** A message of the run could not be decided: it stands still until an orchestrator is started anew, or its letter is taken up again. */
  notification('run.parked', {
    ...aboutRun,
    deadLetterId: z.int(),
    links: z.object({ ...runLinks, deadLetters: z.string() }),
  }),
  /** A message could not be taken, and was put aside. Where it belongs to no run that is known, `runId` is null. */
  notification('dead-letter.recorded', {
    runId: RunId.nullable(),
    workflow: z.string().nullable(),
    workflowVersion: z.string().nullable(),
    deadLetterId: z.int(),
    /** The queue it came from, or `hub`; and the name of its job. */
    source: z.string(),
    name: z.string(),
    requestId: z.string().nullable(),
    links: z.object({ deadLetters: z.string() }),
  }),
  /** A run has ended that was unlike the runs of its workflow before it. */
  notification('anomaly.detected', {
    ...aboutRun,
    anomalies: z.array(Anomaly),
    links: z.object({ ...runLinks, anomalies: z.string() }),
  }),
  notification('budget.warning', spending),
  notification('budget.exhausted', spending),
  notification('webhook.test', { webhookId: z.uuid() }),
]);
export type Notification = z.infer<typeof Notification>;

/** Body of `POST /v1/webhooks`. */
export const CreateWebhookBody = z.strictObject({
  url: z.string().min(1).max(2_048),
  /** Absent: all. */
  events: z.array(WebhookEvent).min(1).optional(),
  /** Only runs of these workflows, by name. Absent: all. */
  workflows: z.array(WorkflowName).min(1).max(50).optional(),
  /** Only runs that have all of these labels. */
  labels: z.record(z.string().min(1).max(63), z.string().max(255)).optional(),
  /** `whsec_` and the base64 of 24 to 64 bytes. Absent: one is made. */
  secret: z.string().optional(),
});
export type CreateWebhookBody = z.infer<typeof CreateWebhookBody>;

/** A webhook, without its secret. */
export const WebhookView = z.object({
  webhookId: z.uuid(),
  url: z.string(),
  events: z.array(WebhookEvent),
  /** Null: all workflows. */
  workflows: z.array(z.string()).nullable().default(null),
  labels: z.record(z.string(), z.string()).default({}),
  status: z.enum(['active', 'disabled']),
  /** Why nothing is sent any more; null while it is. */
  disabledReason: z.string().nullable(),
  createdAt: z.string(),
  createdBy: Actor,
});
export type WebhookView = z.infer<typeof WebhookView>;

/** The 201 of `POST /v1/webhooks`: the one time that the secret is shown. */
export const WebhookCreated = WebhookView.extend({ secret: z.string() });
export type WebhookCreated = z.infer<typeof WebhookCreated>;

/** `GET /v1/webhooks`: oldest first. */
export const WebhookList = z.object({ webhooks: z.array(WebhookView) });
export type WebhookList = z.infer<typeof WebhookList>;

/** One request to an endpoint: the status it answered with, or why there is none. */
export const WebhookAttempt = z.object({
  number: z.int().positive(),
  at: z.string(),
  durationMs: z.int(),
  status: z.int().nullable(),
  error: z.string().nullable(),
});
export type WebhookAttempt = z.infer<typeof WebhookAttempt>;

/** One notification to one webhook. Its id is the header `webhook-id` of every attempt. */
export const WebhookDelivery = z.object({
  deliveryId: z.uuid(),
  webhookId: z.uuid(),
  type: z.string(),
  runId: RunId.nullable(),
  /** Where the event is in the log; null for a test. */
  position: z.int().nullable(),
  status: z.enum(['pending', 'delivered', 'failed']),
  createdAt: z.string(),
  /** Null once it is settled. */
  nextAttemptAt: z.string().nullable(),
  /** Oldest first. */
  attempts: z.array(WebhookAttempt),
});
export type WebhookDelivery = z.infer<typeof WebhookDelivery>;

/** `GET /v1/webhooks/{id}/deliveries`: newest first; `next` is the cursor of the following page. */
export const WebhookDeliveryList = z.object({
  deliveries: z.array(WebhookDelivery),
  next: z.string().nullable(),
});
export type WebhookDeliveryList = z.infer<typeof WebhookDeliveryList>;

/** `POST /v1/webhooks/{id}/test`: what came back, whatever it is. */
export const WebhookTest = z.object({
  delivery: WebhookDelivery,
  /** The beginning of the answer's body, at most a kibibyte; null without an answer. */
  answer: z.string().nullable(),
});
export type WebhookTest = z.infer<typeof WebhookTest>;
