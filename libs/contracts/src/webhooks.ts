import { z } from 'zod';
import { RunId } from './ids.js';
import { Actor, ApprovalId } from './intake.js';

/** What a webhook can be told of. */
export const WebhookEvent = z.enum(['approval.requested', 'run.finished', 'budget.warning', 'budget.exhausted']);
export type WebhookEvent = z.infer<typeof WebhookEvent>;

const aboutRun = { runId: RunId, workflow: z.string(), workflowVersion: z.string() };
/** Paths below the address of the gateway. */
const runLinks = { run: z.string(), events: z.string() };
/** Dollars, tokens or seconds. */
const spending = {
  ...aboutRun,
  kind: z.enum(['usd', 'tokens', 'wallClock']),
  used: z.number(),
  limit: z.number(),
  links: z.object(runLinks),
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
  notification('approval.requested', {
    ...aboutRun,
    approvalId: ApprovalId,
    /** At most its first 500 characters. */
    title: z.string().nullable(),
    dueAt: z.string().nullable(),
    /** SHA-256 (hex) of what is to be approved. */
    sha256: z.string(),
    links: z.object({ ...runLinks, approval: z.string() }),
  }),
  notification('run.finished', {
    ...aboutRun,
    status: z.enum(['succeeded', 'failed', 'cancelled']),
    /** The name of the error of a run that failed. */
    error: z.string().nullable(),
    links: z.object({ ...runLinks, result: z.string() }),
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
  /** `whsec_` and the base64 of 24 to 64 bytes. Absent: one is made. */
  secret: z.string().optional(),
});
export type CreateWebhookBody = z.infer<typeof CreateWebhookBody>;

/** A webhook, without its secret. */
export const WebhookView = z.object({
  webhookId: z.uuid(),
  url: z.string(),
  events: z.array(WebhookEvent),
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
