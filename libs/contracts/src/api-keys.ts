import { z } from 'zod';
import { Role } from './approvals.js';
import { Actor, WorkflowName } from './intake.js';
import { Json } from './json.js';

/** The name of a key of the API, and the id of the actor of all that is done with it. */
const ApiKeyName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,62}$/, 'must be lower case letters, digits, dots, dashes and underscores, at most 63');

/** Which runs somebody has to do with. What is said of workflows, of labels and of whose they are holds together. */
export const AccessScope = z
  .strictObject({
    /** Runs of one of these workflows. */
    workflows: z.array(WorkflowName).min(1, 'name at least one workflow').max(100).optional(),
    /** Runs that have all of these labels. */
    labels: z.record(z.string().min(1).max(63), z.string().max(255)).optional(),
    /** Runs that were submitted with this very key. */
    own: z.literal(true).optional(),
  })
  .refine(({ workflows, labels, own }) => workflows !== undefined || labels !== undefined || own !== undefined, {
    error: 'must say something: workflows, labels or own; without a scope a key is for all runs',
  });
export type AccessScope = z.infer<typeof AccessScope>;

/** The id of a user, as it stands in `user:<id>`. */
const UserId = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}\p{Cs}]+$/u, 'must not hold control characters');

const DAY_S = 86_400;
/** How long a key holds. */
const Lifetime = z
  .int()
  .min(60, 'must be at least a minute')
  .max(3_650 * DAY_S, 'must be at most ten years');

/** `POST /v1/auth/keys`. */
export const CreateApiKey = z.strictObject({
  name: ApiKeyName,
  roles: z.array(Role).min(1, 'name at least one role').max(Role.options.length),
  scope: AccessScope.optional(),
  /** The user whose key it is; whoever makes it where it is absent. */
  for: UserId.optional(),
  expiresInSeconds: Lifetime.optional(),
});

/** `POST /v1/auth/keys/{name}/rotate`. */
export const RotateApiKey = z.strictObject({
  /** How long the key of before goes on beside the new one. */
  overlapSeconds: z
    .int()
    .min(0)
    .max(30 * DAY_S, 'must be at most thirty days')
    .default(DAY_S),
  /** As long as the one of before held, where it is absent. */
  expiresInSeconds: Lifetime.optional(),
});

/** `GET /v1/auth/keys`, oldest first. */
export const ApiKeyView = z.object({
  name: z.string(),
  roles: z.array(Role),
  /** Null: for all runs. */
  scope: AccessScope.nullable(),
  /** Whose it is, as `user:ada`; null: it is somebody of its own. */
  person: z.string().nullable(),
  status: z.enum(['active', 'replaced', 'expired', 'revoked']),
  createdAt: z.string(),
  createdBy: Actor,
  expiresAt: z.string().nullable(),
  /** To the minute; null where it was never used. */
  lastUsedAt: z.string().nullable(),
  /** Since when another key has its name. */
  replacedAt: z.string().nullable(),
  revokedAt: z.string().nullable(),
});
export type ApiKeyView = z.infer<typeof ApiKeyView>;

export const ApiKeyList = z.object({ keys: z.array(ApiKeyView) });
export type ApiKeyList = z.infer<typeof ApiKeyList>;

/** The answer to `POST /v1/auth/keys`: the only time that the key is shown. */
export const ApiKeyCreated = z.object({
  name: z.string(),
  roles: z.array(Role),
  scope: AccessScope.nullable(),
  person: z.string().nullable(),
  expiresAt: z.string().nullable(),
  key: z.string(),
});
export type ApiKeyCreated = z.infer<typeof ApiKeyCreated>;

/** The answer to `POST /v1/auth/keys/{name}/rotate`. */
export const ApiKeyRotated = ApiKeyCreated.extend({
  /** Until when the key of before goes on. */
  previousUntil: z.string(),
});
export type ApiKeyRotated = z.infer<typeof ApiKeyRotated>;

/** One entry of the log of access. */
const AccessEntry = z.object({
  position: z.int(),
  at: z.string(),
  /** `refused`, `asked`, `signed-in`, `signed-out`, `session-ended`, `key-created`, `key-rotated`, `key-revoked`, …. */
  kind: z.string(),
  /** Null where nobody could prove who they are. */
  actor: Actor.nullable(),
  address: z.string().nullable(),
  route: z.string().nullable(),
  /** Why it was refused. */
  code: z.string().nullable(),
  /** The key, the workflow, … that it was about. */
  about: z.string().nullable(),
  /** How many refusals like this it stands for. */
  count: z.int(),
  detail: Json.nullable(),
  /** Over the entry and the hash of the one before it; hexadecimal. */
  hash: z.string(),
});
export type AccessEntry = z.infer<typeof AccessEntry>;

/** `GET /v1/auth/log`, newest first; `next` is the cursor of the following page. */
export const AccessLog = z.object({ entries: z.array(AccessEntry), next: z.string().nullable() });
export type AccessLog = z.infer<typeof AccessLog>;

/** `GET /v1/auth/log/verify`. */
export const AccessLogCheck = z.object({
  verified: z.boolean(),
  entries: z.int(),
  /** Of the newest entry. */
  hash: z.string(),
  /** Entries that were found to be those that were signed; null where nothing is published. */
  signed: z.int().nullable(),
  problem: z.string().nullable(),
});
export type AccessLogCheck = z.infer<typeof AccessLogCheck>;

/** `GET /v1/auth/me`: who the caller is taken for. */
export const WhoAmI = z.object({
  actor: Actor,
  /** All of them; where there are several grants, not all for the same runs. */
  roles: z.array(Role),
  /** Null: all runs, or what `grants` say where there are several. */
  scope: AccessScope.nullable(),
  /** Which roles for which runs; the one with the scope null holds for all. */
  grants: z.array(z.object({ roles: z.array(Role), scope: AccessScope.nullable() })),
  /** When the key or the token ends. */
  expiresAt: z.string().nullable(),
});
export type WhoAmI = z.infer<typeof WhoAmI>;
