import { unreadableExpression } from '@baton/asl';
import { type CreateHookBody, HOOK_LABEL, type HookView } from '@baton/contracts';
import { inTransaction, MOST_HOOKS, type StoredHook, storeHook } from '@baton/event-store';
import { refuseOutsideScope } from '../auth/caller.js';
import { holdKey } from '../auth/hold-key.js';
import { ProblemError } from '../http/problem.js';
import type { Deed } from '../once/once.js';
import type { GatewayParts } from '../parts/parts.js';
import { checkAgents } from '../runs/check-agents.js';
import { refuseOwnCatalog } from '../runs/refuse-goal.js';
import { secretProblem } from './verify-delivery.js';

export const viewOfHook = ({ key: _, ...hook }: StoredHook): HookView => hook;

const refused = (detail: string, code: string, next: string, pointer: string): ProblemError =>
  new ProblemError(detail, { status: 422, code, next, errors: [{ pointer, detail }] });

/**
 * Sees to it that a hook can be made, and says how. Its runs are submitted in the name of whoever makes it, whose rights are asked
 * again each time: so it has to be somebody whose rights can be asked while they are away.
 *
 * @throws ProblemError 403, 422; 409 where its name is taken, or there are too many
 */
export async function prepareHook(parts: GatewayParts, body: CreateHookBody): Promise<Deed<HookView>> {
  const caller = parts.caller();
  if (caller.credential.type === 'token') {
    throw refused(
      'A hook is made with a key: what a user may do is known while they are signed in, and it starts runs while they are not.',
      'hook-needs-key',
      'Have an admin make a key for the hook with `baton auth key create`, and make the hook with that.',
      '',
    );
  }
  const secret = parts.hookSecrets.get(body.secret);
  const problem = secret === undefined ? 'is not set' : secretProblem(body.verify, secret);
  if (problem !== null) {
    throw refused(
      `The variable BATON_HOOK_${body.secret}_SECRET of the gateway ${problem}.`,
      'hook-secret-missing',
      'The operator sets it where the gateway is started.',
      '/secret',
    );
  }
  const workflow = body.run.workflow.split('@')[0] ?? '';
  refuseOwnCatalog(parts, workflow);
  const labels = body.run.labels ?? {};
  if (Object.hasOwn(labels, HOOK_LABEL)) {
    throw refused('A hook gives its runs the label hook itself.', 'invalid-body', 'Leave it out.', '/run/labels/hook');
  }
  refuseOutsideScope(caller, { workflow, labels: { ...labels, [HOOK_LABEL]: body.name } });
  if ((await parts.catalog.find(body.run.workflow)) === undefined) {
    const next = 'GET /v1/workflows lists the workflows there are.';
    throw refused(`There is no workflow ${body.run.workflow}.`, 'unknown-workflow', next, '/run/workflow');
  }
  await checkAgents(parts, body.run.agents);
  const unread = unreadableExpression(body.input ?? null, '/input');
  if (unread !== null) {
    const next = 'Correct the expression: every delivery would be refused.';
    throw refused(
      `What the hook makes of a body cannot be read: ${unread.message}`,
      'invalid-body',
      next,
      unread.pointer,
    );
  }
  return async (connection) => {
    const stored = await inTransaction(connection, async (client) => {
      await holdKey(caller, client);
      return storeHook(client, { ...body, createdBy: caller.actor });
    });
    if (typeof stored !== 'string') return viewOfHook(stored);
    throw stored === 'exists'
      ? new ProblemError(`There is a hook ${body.name} already.`, {
          status: 409,
          code: 'hook-exists',
          next: 'Choose another name, or DELETE /v1/hooks/{name} first.',
        })
      : new ProblemError(`There are ${MOST_HOOKS} hooks already, which is the most there can be.`, {
          status: 409,
          code: 'too-many-hooks',
          next: 'DELETE /v1/hooks/{name} removes one.',
        });
  };
}
