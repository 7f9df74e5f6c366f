import { didYouMean, personOf } from '@baton/contracts';
import { findSchedule, listSchedules, type StoredSchedule } from '@baton/event-store';
import { ProblemError } from '../http/problem.js';
import type { GatewayParts } from '../parts/parts.js';

export const scheduleEtag = ({ version }: Pick<StoredSchedule, 'version'>): string => `"v${version}"`;

/** @throws ProblemError 404; 409 where a newer version has made it */
export async function requireSchedule({ pool }: Pick<GatewayParts, 'pool'>, name: string): Promise<StoredSchedule> {
  const found = await findSchedule(pool, name);
  if (found === 'unreadable') {
    throw new ProblemError(`The schedule ${name} was made by a newer version of Baton, and this one cannot read it.`, {
      status: 409,
      code: 'schedule-unreadable',
      next: 'Bring this gateway up to date.',
    });
  }
  if (found !== null) return found;
  const names = (await listSchedules(pool)).schedules.map((each) => each.name);
  throw new ProblemError(`There is no schedule ${name.slice(0, 64)}.${didYouMean(name, names)}`, {
    status: 404,
    code: 'schedule-not-found',
    next: 'GET /v1/schedules lists the schedules there are.',
  });
}

/**
 * A schedule that the caller is about to change.
 *
 * @throws ProblemError 404, 409; 403 where it is somebody else's and they are no operator; 412 where it is not what `If-Match` names
 */
export async function scheduleToChange(
  parts: Pick<GatewayParts, 'pool' | 'caller'>,
  name: string,
  ifMatch: string | undefined,
): Promise<StoredSchedule> {
  const schedule = await requireSchedule(parts, name);
  const { actor, roles } = parts.caller();
  const mayAll = roles.includes('operator') || roles.includes('admin');
  if (!mayAll && personOf(actor) !== personOf(schedule.createdBy)) {
    throw new ProblemError(`The schedule ${name} is not yours.`, {
      status: 403,
      code: 'forbidden',
      next: 'Ask whoever made it, or an operator.',
    });
  }
  const tags = ifMatch?.split(',').map((tag) => tag.trim());
  if (tags !== undefined && !tags.includes('*') && !tags.includes(scheduleEtag(schedule))) throw changed(name);
  return schedule;
}

export const changed = (name: string): ProblemError =>
  new ProblemError(`The schedule ${name} is not what If-Match names, or was changed right now.`, {
    status: 412,
    code: 'schedule-changed',
    next: `Read GET /v1/schedules/${name} again, and send its ETag as If-Match.`,
  });
