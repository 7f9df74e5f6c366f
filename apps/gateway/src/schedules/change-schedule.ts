import { SCHEDULE_LABEL, type ScheduledRun } from '@baton/contracts';
import { changeSchedule, databaseTimeMs, inTransaction, type StoredSchedule } from '@baton/event-store';
import { startOf } from '@baton/schedules';
import { type Caller, callerOn, refuseOutsideScope } from '../auth/caller.js';
import { holdKey } from '../auth/hold-key.js';
import { ProblemError } from '../http/problem.js';
import type { GatewayParts } from '../parts/parts.js';
import { changed } from './find-schedule.js';
import { tableOf } from './schedule-views.js';

type Parts = Pick<GatewayParts, 'pool' | 'caller'>;

/** Nothing happens to one that rests already. @throws ProblemError 409 where it has ended; 412 where it was changed right now */
export async function rest({ pool }: Parts, schedule: StoredSchedule): Promise<StoredSchedule> {
  refuseEnded(schedule);
  if (schedule.status !== 'active') return schedule;
  return changedTo(schedule, await changeSchedule(pool, schedule, { ...resting, decidedTo: schedule.decidedTo }));
}

/**
 * Nothing happens to one that works already. What was due while it rested is not caught up with.
 *
 * @throws ProblemError 409 where it has ended, or was stopped; 412 where it was changed right now
 */
export async function workAgain({ pool }: Parts, schedule: StoredSchedule): Promise<StoredSchedule> {
  refuseEnded(schedule);
  if (schedule.status === 'active') return schedule;
  if (schedule.status === 'stopped') {
    throw new ProblemError(`The schedule ${schedule.name} was stopped: its maker may start its runs no more.`, {
      status: 409,
      code: 'schedule-stopped',
      next: `Take it over with POST /v1/schedules/${schedule.name}/take-over: its runs are started in your name then.`,
    });
  }
  return changedTo(schedule, await changeSchedule(pool, schedule, await working(pool, schedule)));
}

/**
 * From now on its runs are started in the name of the caller. One that was stopped works again; one that somebody paused rests on.
 *
 * @throws ProblemError 403 where they may start no such runs; 422 where nobody could ask that while they are away; 409 where
 *   nothing is due any more; 401 where their key was revoked meanwhile; 412 where it was changed right now
 */
export async function takeOver({ pool, caller }: Parts, schedule: StoredSchedule): Promise<StoredSchedule> {
  refuseEnded(schedule);
  const asSubmitter = callerOn(caller(), 'POST', '/v1/runs');
  requireOwner(asSubmitter, schedule);
  const change = await takenOver(pool, schedule);
  const after = await inTransaction(pool, async (client) => {
    await holdKey(asSubmitter, client);
    return changeSchedule(client, schedule, { ...change, owner: asSubmitter.actor });
  });
  return changedTo(schedule, after);
}

async function takenOver(pool: Parts['pool'], schedule: StoredSchedule) {
  const { name, status, decidedTo } = schedule;
  if (status === 'paused') return { ...resting, decidedTo };
  if (status === 'active') return { ...nextLook(schedule, decidedTo.getTime()), decidedTo };
  const change = await working(pool, schedule);
  if (change.status === 'ended') {
    throw new ProblemError(`Nothing of the schedule ${name} is due any more: taking it over would start no run.`, {
      status: 409,
      code: 'schedule-ended',
      next: `Make another one, or start a run now with POST /v1/schedules/${name}/trigger.`,
    });
  }
  return change;
}

/**
 * Sees to it that what somebody may can be asked each time that a run is to start, and that they may start such runs.
 *
 * @throws ProblemError 403, 422
 */
export function requireOwner(
  caller: Caller,
  { name, run }: { readonly name: string; readonly run: Pick<ScheduledRun, 'workflow' | 'labels'> },
): void {
  if (caller.credential.type === 'token') {
    throw new ProblemError(
      'A schedule is for a key: what a user may do is known while they are signed in, and it starts runs while they are not.',
      {
        status: 422,
        code: 'schedule-needs-key',
        next: 'Have an admin make a key for it with `baton auth key create`, and do this with that.',
      },
    );
  }
  const workflow = run.workflow.split('@')[0] ?? '';
  refuseOutsideScope(caller, { workflow, labels: { ...run.labels, [SCHEDULE_LABEL]: name } });
}

const resting = { status: 'paused', wakeAt: null } as const;

async function working(pool: Parts['pool'], schedule: StoredSchedule) {
  // The clock may have been put back: what was decided stays decided.
  const decidedToMs = Math.max(await databaseTimeMs(pool), schedule.decidedTo.getTime());
  return { ...nextLook(schedule, decidedToMs), decidedTo: new Date(decidedToMs) };
}

function nextLook(
  schedule: StoredSchedule,
  afterMs: number,
): { readonly status: 'active' | 'ended'; readonly wakeAt: Date | null } {
  const table = tableOf(schedule);
  const next = table?.nextAfter(afterMs) ?? null;
  if (table === null || next === null) return { status: 'ended', wakeAt: null };
  return { status: 'active', wakeAt: new Date(startOf(table, next, schedule)) };
}

function refuseEnded({ status, name }: StoredSchedule): void {
  if (status !== 'ended') return;
  throw new ProblemError(`The schedule ${name} has ended: nothing is due any more.`, {
    status: 409,
    code: 'schedule-ended',
    next: `Make another one, or start a run now with POST /v1/schedules/${name}/trigger.`,
  });
}

function changedTo({ name }: StoredSchedule, after: StoredSchedule | null): StoredSchedule {
  if (after === null) throw changed(name);
  return after;
}
