import type { Schemas } from '../../../api/api.js';
import { wordsIn } from '../words-in.js';

export const ROLES: readonly Schemas['Role'][] = ['viewer', 'submitter', 'approver', 'operator', 'auditor', 'admin'];

const DAY_SECONDS = 86_400;

/** What a form asks for; the gateway says what is wrong with it. */
export function keyInForm(form: FormData): Schemas['CreateApiKey'] {
  const given = form.getAll('roles');
  const workflows = wordsIn(form.get('workflows'));
  const person = String(form.get('for') ?? '').trim();
  const days = Number(form.get('days') ?? '');
  return {
    name: String(form.get('name') ?? '').trim(),
    roles: ROLES.filter((role) => given.includes(role)),
    ...(workflows.length === 0 ? {} : { scope: { workflows } }),
    ...(person === '' ? {} : { for: person }),
    ...(days > 0 ? { expiresInSeconds: Math.round(days * DAY_SECONDS) } : {}),
  };
}
