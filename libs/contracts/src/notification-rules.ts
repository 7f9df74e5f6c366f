import { z } from 'zod';
import { RunId } from './ids.js';
import { Actor, WorkflowName } from './intake.js';
import { KebabName } from './kebab-name.js';
import { WebhookEvent } from './webhooks.js';

/** The name of a variable of the orchestrators that holds a secret: what is stored and shown is the name. */
export const SecretReference = z
  .string()
  .max(100)
  .regex(/^BATON_NOTIFY_[A-Z0-9_]+$/, 'must be the name of a variable such as BATON_NOTIFY_TEAM_RED');

export const RuleName = KebabName;

/** Where people are told. Programs have webhooks. */
export const NotificationChannel = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('email'),
    /** Each on its own: an address, and no name with it. */
    to: z.array(z.email().max(254)).min(1).max(20),
  }),
  /** A URL that takes what Slack takes, as Mattermost and others do. */
  z.strictObject({ type: z.literal('slack'), urlFrom: SecretReference }),
]);
export type NotificationChannel = z.infer<typeof NotificationChannel>;

const Weekday = z.enum(['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']);

const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of the day such as 22:00');

/** When nobody is told: what happens then is told at the end. */
export const QuietHours = z.strictObject({
  /** Over midnight where it is later than `to`. */
  from: TimeOfDay,
  to: TimeOfDay,
  /** Of the IANA database, such as Europe/Berlin. */
  timeZone: z.string().min(1).max(64).default('UTC'),
  /** Whole days. */
  days: z.array(Weekday).max(6).default([]),
});
export type QuietHours = z.infer<typeof QuietHours>;

/** Who asks again while nobody has answered an approval, and how often. */
export const Reminders = z.strictObject({
  everyMinutes: z.int().min(5).max(10_080),
  most: z.int().min(1).max(20).default(3),
});
export type Reminders = z.infer<typeof Reminders>;

/** Body of `POST /v1/notification-rules`. */
export const CreateRuleBody = z.strictObject({
  name: RuleName,
  channel: NotificationChannel,
  /** Absent: approvals that are asked for, and runs that have ended. */
  events: z.array(WebhookEvent).min(1).default(['approval.requested', 'run.finished']),
  /** Of runs that have ended: only those that ended so. Absent: all. */
  statuses: z
    .array(z.enum(['succeeded', 'failed', 'cancelled']))
    .min(1)
    .optional(),
  /** Only runs of these workflows, by name. Absent: all. */
  workflows: z.array(WorkflowName).min(1).max(50).optional(),
  /** Only runs that have all of these labels. */
  labels: z.record(z.string().min(1).max(63), z.string().max(255)).default({}),
  quiet: QuietHours.optional(),
  /** What happens within so many minutes is told together; 0: each at once. */
  digestMinutes: z.int().min(0).max(1_440).default(0),
  remind: Reminders.optional(),
});
export type CreateRuleBody = z.infer<typeof CreateRuleBody>;

export const RuleView = CreateRuleBody.omit({ quiet: true, remind: true, statuses: true, workflows: true }).extend({
  ruleId: z.uuid(),
  statuses: z.array(z.enum(['succeeded', 'failed', 'cancelled'])).nullable(),
  workflows: z.array(z.string()).nullable(),
  quiet: QuietHours.nullable(),
  remind: Reminders.nullable(),
  createdAt: z.string(),
  createdBy: Actor,
});
export type RuleView = z.infer<typeof RuleView>;

/** `GET /v1/notification-rules`: by name. */
export const RuleList = z.object({
  rules: z.array(RuleView),
  /** The names of those that this version cannot read: a newer one has made them. */
  unreadable: z.array(z.string()).default([]),
});
export type RuleList = z.infer<typeof RuleList>;

/** One mail, or one message to a channel, with all that it tells. */
export const NotificationMessage = z.object({
  messageId: z.uuid(),
  /** `failed`: it was refused for good, or tried for three days; it can be sent again. */
  status: z.enum(['pending', 'delivered', 'failed']),
  /** What it tells, such as `run.finished`. */
  types: z.array(z.string()),
  runIds: z.array(RunId),
  createdAt: z.string(),
  attempts: z.int(),
  nextAttemptAt: z.string().nullable(),
  /** What was answered last, where that was no plain yes. */
  error: z.string().nullable(),
});
export type NotificationMessage = z.infer<typeof NotificationMessage>;

/** `GET /v1/notification-rules/{name}/messages`: newest first, a hundred at most. */
export const MessageList = z.object({ messages: z.array(NotificationMessage) });
export type MessageList = z.infer<typeof MessageList>;
