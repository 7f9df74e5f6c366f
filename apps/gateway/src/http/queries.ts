import { DecisionMode, LineageName, RunStatus, TreeVersion, WorkflowName } from '@baton/contracts';
import { z } from 'zod';
import { cursorOfList, numberCursor } from './cursors.js';
import { PARAMETERS, pageLimit, wholeNumber } from './parameters.js';

const LABEL = /^([^=]{1,63})=(.{0,255})$/s;

/** `?label=k=v`, once or more often. */
const Labels = z
  .union([z.string(), z.array(z.string())])
  .transform((given) => (typeof given === 'string' ? [given] : given))
  .pipe(z.array(z.string().regex(LABEL, 'must be name=value')))
  .transform((labels) =>
    Object.fromEntries(
      labels.map((label) => [label.slice(0, label.indexOf('=')), label.slice(label.indexOf('=') + 1)]),
    ),
  )
  .register(PARAMETERS, { type: 'array', items: { type: 'string', pattern: '^[^=]{1,63}=' } });

/** `2026-11-28T06:00:00Z`, also with an offset. */
const time = z.iso.datetime({ offset: true, message: 'must be a time, as 2026-11-28T06:00:00Z' });

/** A sum in dollars, to the micro-dollar. */
const dollars = z
  .string()
  .regex(/^\d{1,9}(\.\d{1,6})?$/, 'must be an amount of dollars, as 1.50')
  .transform(Number)
  .register(PARAMETERS, { type: 'number', minimum: 0 });

/** A parameter that is not known is refused: a filter that is misspelt must not look like a result. */
export const RunListQuery = z.strictObject({
  status: RunStatus.optional(),
  workflow: WorkflowName.optional(),
  mode: DecisionMode.optional(),
  label: Labels.optional(),
  /** Beginnings of words of the title, the labels, the workflow, the submitter, or the id. */
  text: z
    .string()
    .max(200)
    .regex(/[\p{L}\p{N}]/u, 'must have a letter or a digit')
    .optional(),
  startedAfter: time.optional(),
  startedBefore: time.optional(),
  endedAfter: time.optional(),
  endedBefore: time.optional(),
  minCostUsd: dollars.optional(),
  /** Those in which a person is asked; `me`: whoever sends the request may answer, and has not. */
  waitingFor: z.enum(['approval', 'me']).optional(),
  limit: pageLimit(200, 50),
  cursor: z.string().max(500).optional(),
});

/** The end of an archived run and its id, between lists of them. */
const ArchivePlace = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT[\d:.]+Z [0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
  .transform((text) => ({ endedAt: text.split(' ')[0] ?? '', runId: text.split(' ')[1] ?? '' }))
  .refine(({ endedAt }) => Date.parse(endedAt) > 0);

export const ArchiveListQuery = z.strictObject({
  limit: pageLimit(200, 50),
  cursor: cursorOfList('archive', ArchivePlace),
});

const version = wholeNumber(/^\d{1,9}$/, 'must be the version of an event');

/** `?personal=open`: with what is under seal opened. */
export const PersonalWish = z.literal('open', 'must be open, or left out').optional();

/** What a result may be asked for with. */
export const RunResultQuery = z.strictObject({ personal: PersonalWish });

export const ApprovalQuery = z.strictObject({ personal: PersonalWish });

export const EventListQuery = z.strictObject({
  /** The version after which to begin. */
  after: version.default(0).register(PARAMETERS, { type: 'integer', minimum: 0, default: 0 }),
  cursor: numberCursor('run-events', 9),
  limit: pageLimit(1_000, 100),
});

const position = wholeNumber(/^\d{1,15}$/, 'must be the position of an event');

/** `?type=A&type=B`: of any of these. */
const Types = z
  .union([z.string(), z.array(z.string())])
  .transform((given) => (typeof given === 'string' ? [given] : given))
  .pipe(z.array(z.string().regex(/^[A-Z][A-Za-z]{0,99}$/, 'must be the type of an event')).max(100))
  .register(PARAMETERS, { type: 'array', items: { type: 'string', pattern: '^[A-Z][A-Za-z]{0,99}$' } });

export const LogQuery = z.strictObject({
  /** A run's id, or the beginning of it. */
  run: z.string().min(1).max(100).optional(),
  type: Types.optional(),
  workflow: WorkflowName.optional(),
  label: Labels.optional(),
  /** Live, also that something has changed which is no event: queues, workers, dead letters, webhooks, keys, sessions. */
  also: z.literal('operations').optional(),
  /** The position after which to begin. */
  after: position.optional(),
  cursor: numberCursor('events'),
  limit: pageLimit(1_000, 100),
});

export const LastPosition = z.object({ 'Last-Event-ID': position.optional() });

export const DeadLetterListQuery = z.strictObject({
  status: z.enum(['open', 'requeued', 'refused', 'all']).default('open'),
  cursor: numberCursor('dead-letters'),
  limit: pageLimit(200, 50),
});

export const ApprovalListQuery = z.strictObject({
  status: z.enum(['open', 'answered']).default('open'),
  /** A run's id, or the beginning of it. */
  run: z.string().min(1).max(100).optional(),
  /** Open ones alone that whoever sends the request may answer, and has not. */
  waitingFor: z.literal('me').optional(),
  cursor: numberCursor('approvals'),
  limit: pageLimit(200, 50),
});

/** What the database can hold, and look for. */
const PLAIN = /^[^\p{Cc}\p{Cs}]+$/u;
const plain = (most: number) => z.string().max(most).regex(PLAIN, 'must be plain text');

export const AccessLogQuery = z.strictObject({
  kind: plain(50).optional(),
  /** The id of the actor. */
  actor: plain(200).optional(),
  cursor: numberCursor('access'),
  limit: pageLimit(200, 50),
});

const SessionPlace = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT[\d:.]+Z [0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
  .transform((text) => ({ beganAt: text.split(' ')[0] ?? '', sessionId: text.split(' ')[1] ?? '' }))
  .refine(({ beganAt }) => Date.parse(beganAt) > 0);

export const SessionListQuery = z.strictObject({
  cursor: cursorOfList('sessions', SessionPlace),
  limit: pageLimit(200, 50),
});

export const DeliveryListQuery = z.strictObject({
  cursor: numberCursor('deliveries'),
  limit: pageLimit(200, 50),
});

export const LineageListQuery = z.strictObject({
  cursor: cursorOfList('lineages', LineageName),
  limit: pageLimit(200, 50),
});

export const LineageLogQuery = z.strictObject({
  cursor: numberCursor('lineage', 9),
  limit: pageLimit(200, 50),
});

export const VerifyQuery = z.strictObject({
  /** A run's id, or the beginning of it: that run alone. */
  run: z.string().min(1).max(100).optional(),
});

/** `since`: of the files only those that are not the same in another version. */
export const TreeQuery = z.strictObject({ since: TreeVersion.optional() });

export const ReadyQuery = z.looseObject({
  /** Shows facts beside the checks. */
  verbose: z.string().optional(),
});

const size = wholeNumber(/^\d{1,15}$/, 'must be a number of events');

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

/** What an identity provider says when it leads back here, and it may say more. */
export const OidcCallbackQuery = z.looseObject({
  code: z.string().min(1).max(4_000).optional(),
  state: z.string().min(1).max(200).optional(),
  /** In place of a code. */
  error: z
    .string()
    .regex(/^[a-z0-9_.-]{1,60}$/i, 'must be the code of an error')
    .optional(),
  /** Who answers (RFC 9207). */
  iss: z.string().max(500).optional(),
});
