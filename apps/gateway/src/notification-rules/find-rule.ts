import { didYouMean } from '@baton/contracts';
import { findRule, type ListeningRule, listRules } from '@baton/notifications';
import type { Pool } from 'pg';
import { ProblemError } from '../http/problem.js';

/** @throws ProblemError 404; 409 where a newer version has made it */
export async function requireRule(pool: Pool, name: string): Promise<ListeningRule> {
  const found = await findRule(pool, name);
  if (found === 'unreadable') {
    throw new ProblemError(`The rule ${name} was made by a newer version of Baton, and this one cannot read it.`, {
      status: 409,
      code: 'rule-unreadable',
      next: 'Bring this gateway up to date.',
    });
  }
  if (found !== null) return found;
  const names = (await listRules(pool)).rules.map((rule) => rule.name);
  throw new ProblemError(`There is no rule ${name.slice(0, 64)}.${didYouMean(name, names)}`, {
    status: 404,
    code: 'rule-not-found',
    next: 'GET /v1/notification-rules lists the rules there are.',
  });
}

export const messageNotFound = (rule: string, id: string): ProblemError =>
  new ProblemError(`The rule ${rule} has no message ${id.slice(0, 64)}.`, {
    status: 404,
    code: 'message-not-found',
    next: `GET /v1/notification-rules/${rule}/messages lists them; those that were settled a month ago are gone.`,
  });
