import { z } from 'zod';
import { Role } from './approvals.js';
import { Actor } from './intake.js';

/** The name of a key of the API, and the id of the actor of all that is done with it. */
const ApiKeyName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,62}$/, 'must be lower case letters, digits, dots, dashes and underscores, at most 63');

/** `POST /v1/auth/keys`. */
export const CreateApiKey = z.strictObject({
  name: ApiKeyName,
  roles: z.array(Role).min(1, 'name at least one role').max(Role.options.length),
});

/** `GET /v1/auth/keys`, oldest first. */
export const ApiKeyView = z.object({
  name: z.string(),
  roles: z.array(Role),
  createdAt: z.string(),
  createdBy: Actor,
  revokedAt: z.string().nullable(),
});
export type ApiKeyView = z.infer<typeof ApiKeyView>;

export const ApiKeyList = z.object({ keys: z.array(ApiKeyView) });
export type ApiKeyList = z.infer<typeof ApiKeyList>;

/** The answer to `POST /v1/auth/keys`: the only time that the key is shown. */
export const ApiKeyCreated = z.object({ name: z.string(), roles: z.array(Role), key: z.string() });
export type ApiKeyCreated = z.infer<typeof ApiKeyCreated>;
