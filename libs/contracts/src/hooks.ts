import { z } from 'zod';
import { SubmitRunBody } from './http.js';
import { Actor } from './intake.js';
import { Json } from './json.js';
import { KebabName } from './kebab-name.js';

/** Hooks are named by people, and found by their names. */
export const HookName = KebabName;

/** How whoever calls a hook proves who it is: Standard Webhooks, as Baton itself sends; GitHub's signature; or a secret as it is. */
export const HookVerification = z.enum(['standard', 'github', 'bearer']);
export type HookVerification = z.infer<typeof HookVerification>;

/** What every run of a hook is submitted with, beside its input. */
export const HookRun = SubmitRunBody.omit({ requestId: true, runId: true, input: true }).strict();
export type HookRun = z.infer<typeof HookRun>;

/** The label that says which hook started a run. */
export const HOOK_LABEL = 'hook';

/** Body of `POST /v1/hooks`. */
export const CreateHookBody = z.strictObject({
  name: HookName,
  verify: HookVerification,
  /** The secret is in the variable `BATON_HOOK_<secret>_SECRET` of the gateway, and nowhere else. */
  secret: z.string().regex(/^[A-Z][A-Z0-9_]{0,39}$/, 'expected capital letters, digits and underscores'),
  run: HookRun,
  /**
   * What the run is given, with expressions in JSONata that see the body as `$states.input`; the body itself where it is absent.
   * Where it gives null, nothing is started.
   */
  input: Json.optional(),
});
export type CreateHookBody = z.infer<typeof CreateHookBody>;

export const HookView = CreateHookBody.extend({ createdBy: Actor, madeAt: z.string() });
export type HookView = z.infer<typeof HookView>;

/** `GET /v1/hooks`: by name. */
export const HookList = z.object({ hooks: z.array(HookView) });
export type HookList = z.infer<typeof HookList>;

/** What became of a delivery. */
export const HookTaken = z.discriminatedUnion('status', [
  z.object({ status: z.literal('accepted'), runId: z.string() }),
  /** The hook makes nothing of what was delivered. */
  z.object({ status: z.literal('ignored') }),
]);
export type HookTaken = z.infer<typeof HookTaken>;
