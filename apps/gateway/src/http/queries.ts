import { DecisionMode, LineageName, RunStatus, WorkflowName } from '@baton/contracts';
import { z } from 'zod';

const LABEL = /^([^=]{1,63})=(.{0,255})$/s;

const limit = (most: number, usual: number) =>
  z
    .string()
    .regex(/^\d{1,6}$/, `must be a number from 1 to ${most}`)
    .transform(Number)
    .pipe(z.int().min(1, `must be at least 1`).max(most, `must be at most ${most}`))
    .default(usual);

/** `?label=k=v`, once or more often. */
const Labels = z
  .union([z.string(), z.array(z.string())])
  .transform((given) => (typeof given === 'string' ? [given] : given))
  .pipe(z.array(z.string().regex(LABEL, 'must be name=value')))
  .transform((labels) =>
    Object.fromEntries(
      labels.map((label) => [label.slice(0, label.indexOf('=')), label.slice(label.indexOf('=') + 1)]),
    ),
  );

/** A parameter that is not known is refused: a filter that is misspelt must not look like a result. */
export const RunListQuery = z.strictObject({
  status: RunStatus.optional(),
  workflow: WorkflowName.optional(),
  mode: DecisionMode.optional(),
  label: Labels.optional(),
  limit: limit(200, 50),
  cursor: z.string().max(500).optional(),
});

const version = z
  .string()
  .regex(/^\d{1,9}$/, 'must be the version of an event')
  .transform(Number);

/** `?personal=open`: with what is under seal opened. */
export const PersonalWish = z.literal('open', 'must be open, or left out').optional();

/** What a result may be asked for with. */
export const RunResultQuery = z.strictObject({ personal: PersonalWish });

export const ApprovalQuery = z.strictObject({ personal: PersonalWish });

export const EventListQuery = z.strictObject({
  /** The version after which to begin. */
  after: version.default(0),
  limit: limit(1_000, 100),
});

export const DeadLetterListQuery = z.strictObject({
  status: z.enum(['open', 'requeued', 'all']).default('open'),
  cursor: z
    .string()
    .regex(/^\d{1,15}$/, 'must be the cursor of a page before')
    .transform(Number)
    .optional(),
  limit: limit(200, 50),
});

export const ApprovalListQuery = z.strictObject({
  status: z.enum(['open', 'answered']).default('open'),
  /** A run's id, or the beginning of it. */
  run: z.string().min(1).max(100).optional(),
  cursor: z
    .string()
    .regex(/^\d{1,15}$/, 'must be the cursor of a page before')
    .transform(Number)
    .optional(),
  limit: limit(200, 50),
});

export const AccessLogQuery = z.strictObject({
  kind: z.string().min(1).max(50).optional(),
  /** The id of the actor. */
  actor: z.string().min(1).max(200).optional(),
  cursor: z
    .string()
    .regex(/^\d{1,15}$/, 'must be the cursor of a page before')
    .transform(Number)
    .optional(),
  limit: limit(200, 50),
});

export const DeliveryListQuery = z.strictObject({
  cursor: z
    .string()
    .regex(/^\d{1,15}$/, 'must be the cursor of a page before')
    .transform(Number)
    .optional(),
  limit: limit(200, 50),
});

export const LineageListQuery = z.strictObject({
  /** The name after which to begin. */
  cursor: LineageName.optional(),
  limit: limit(200, 50),
});

export const LineageLogQuery = z.strictObject({
  /** The number before which to begin. */
  cursor: z
    .string()
    .regex(/^[1-9]\d{0,8}$/, 'must be the cursor of a page before')
    .transform(Number)
    .optional(),
  limit: limit(200, 50),
});

export const VerifyQuery = z.strictObject({
  /** A run's id, or the beginning of it: that run alone. */
  run: z.string().min(1).max(100).optional(),
});

const size = z
  .string()
  .regex(/^\d{1,15}$/, 'must be a number of events')
  .transform(Number);

export const ProveQuery = z.strictObject({
  run: z.string().min(1).max(100),
  event: version,
  /** The size of a checkpoint that the client has. */
  from: size.optional(),
});
export const CheckpointQuery = z.strictObject({
  /** The size of a checkpoint that the client has: with it comes the proof that the log only went on. */
  from: size.optional(),
});

export const LastEventId = z.object({ 'Last-Event-ID': version.optional() });

export const GraphQuery = z.strictObject({ format: z.enum(['mermaid', 'text']).default('mermaid') });
