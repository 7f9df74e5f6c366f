import type { Firing, RunStatus, ScheduleDetail, ScheduleStop, ScheduleView } from '@baton/contracts';
import { listFirings, type StoredFiring, type StoredSchedule } from '@baton/event-store';
import { statusesOf } from '@baton/read-model';
import { isProblem, type Timetable, timetable, upcoming } from '@baton/schedules';
import type { Pool } from 'pg';

const UPCOMING = 5;
const FIRINGS = 20;

export function viewOf(schedule: StoredSchedule): ScheduleView {
  const { scheduleId, name, version, status, timing, run, overlap, catchUp, jitterSeconds } = schedule;
  const [next] = status === 'active' ? comingOf(schedule, schedule.decidedTo.getTime(), 1) : [];
  return {
    ...{ scheduleId, name, version, status, timing, run, overlap, catchUp, jitterSeconds },
    stop: stopOf(schedule),
    endsAt: schedule.endsAt?.toISOString() ?? null,
    nextDueAt: next ?? null,
    createdAt: schedule.madeAt.toISOString(),
    createdBy: schedule.createdBy,
  };
}

/** Why somebody may start no more runs, by what the database says of them (`schedule_refusal`). */
const REASONS: ReadonlyMap<string, (maker: string) => string> = new Map([
  ['key-revoked', (maker) => `The key ${maker} was revoked.`],
  ['key-expired', (maker) => `The key ${maker} has expired.`],
  ['key-without-role', (maker) => `The key ${maker} may submit no runs any more.`],
  ['key-out-of-scope', (maker) => `The key ${maker} may submit no such runs any more.`],
  ['maker-away', (maker) => `The user ${maker} made it, and nobody knows what they may while they are away.`],
]);

function stopOf({ stop, createdBy }: StoredSchedule): ScheduleStop | null {
  if (stop === null) return null;
  const { reason, at } = stop;
  const detail = REASONS.get(reason)?.(createdBy.id) ?? `${createdBy.id} may start its runs no more.`;
  return { reason, detail, at: at.toISOString() };
}

/** The times at which it is due. Null where its timing cannot be read any more: zones come with the runtime. */
export function tableOf({ timing, madeAt, endsAt }: StoredSchedule): Timetable | null {
  const made = timetable(timing, { madeAtMs: madeAt.getTime(), endsAtMs: endsAt?.getTime() ?? null });
  return isProblem(made) ? null : made;
}

function comingOf(schedule: StoredSchedule, afterMs: number, most: number): readonly string[] {
  const table = tableOf(schedule);
  return table === null ? [] : upcoming(table, afterMs, most).map((ms) => new Date(ms).toISOString());
}

/** A schedule with its next due times, also while it rests, and what became of its last ones. */
export async function detailOf(pool: Pool, schedule: StoredSchedule, nowMs: number): Promise<ScheduleDetail> {
  const firings = await listFirings(pool, schedule.scheduleId, FIRINGS);
  const statuses = await statusesOf(
    pool,
    firings.flatMap(({ runId }) => (runId === null ? [] : [runId])),
  );
  const after = Math.max(nowMs, schedule.decidedTo.getTime());
  return {
    ...viewOf(schedule),
    upcoming: schedule.status === 'ended' ? [] : [...comingOf(schedule, after, UPCOMING)],
    firings: firings.map((firing) => toFiring(firing, statuses)),
  };
}

function toFiring({ isAccepted, refusal, ...firing }: StoredFiring, statuses: ReadonlyMap<string, RunStatus>): Firing {
  if (firing.runId === null) return { ...firing, status: null, reason: null };
  const known = statuses.get(firing.runId);
  if (known !== undefined) return { ...firing, status: known, reason: null };
  if (isAccepted) return { ...firing, status: 'accepted', reason: null };
  return { ...firing, status: refusal === null ? 'unknown' : 'refused', reason: refusal };
}
