import { CreateHookBody, HookList, HookTaken, HookView } from '@baton/contracts';
import { z } from 'zod';
import type { Operations } from '../operation.js';

/** Whatever somebody else sends. */
export const HookDelivery = z.looseObject({});

export const hookOperations: Operations = {
  'GET /v1/hooks': {
    id: 'listHooks',
    tag: 'schedules',
    summary: 'List hooks',
    answers: { 200: { description: 'All of them, by name.', schema: HookList } },
  },
  'POST /v1/hooks': {
    id: 'createHook',
    tag: 'schedules',
    summary: 'Have somebody outside start runs',
    description:
      'The secret is in the variable `BATON_HOOK_<secret>_SECRET` of the gateway. Runs are submitted in the name of whoever makes the hook, whose rights are asked again each time.',
    headers: ['Idempotency-Key'],
    body: CreateHookBody,
    answers: {
      201: { description: 'The hook. Its Location is what is called.', schema: HookView, headers: ['Location'] },
    },
    refusals: [409, 422],
  },
  'DELETE /v1/hooks/:name': {
    id: 'removeHook',
    tag: 'schedules',
    summary: 'Remove a hook',
    description: 'Its runs stay.',
    answers: { 204: { description: 'It is gone.' } },
    refusals: [404],
  },
  'POST /hooks/:hook': {
    id: 'callHook',
    tag: 'schedules',
    summary: 'Start a run from outside',
    description:
      'For whoever has the secret of the hook: Standard Webhooks (`webhook-id`, `webhook-timestamp`, `webhook-signature`), GitHub (`X-Hub-Signature-256`, `X-GitHub-Delivery`), or `Authorization: Bearer` with an `Idempotency-Key`. The same delivery is the same run; one of GitHub is told by its body.',
    body: HookDelivery,
    answers: { 202: { description: 'What became of it.', schema: HookTaken } },
    refusals: [400, 401, 403, 409, 413, 422],
  },
};
