import { createHash } from 'node:crypto';
import {
  DUE_LABEL,
  JsonObject,
  type RequestId,
  type RunId,
  runIdHere,
  SCHEDULE_LABEL,
  type Shard,
  toError,
} from '@baton/contracts';
import {
  type DueSchedule,
  dueSchedules,
  type FiringToWrite,
  findSchedule,
  fireSchedule,
  type LetIn,
  MOST_SCHEDULES,
  type PlaceInDue,
} from '@baton/event-store';
import {
  type DecidedDue,
  decideDue,
  dueNow,
  isProblem,
  MOST_AT_ONCE,
  startOf,
  type Timetable,
  timetable,
} from '@baton/schedules';
import type { Logger } from '@baton/service-kit';
import type { Pool } from 'pg';
import { SCHEDULED } from './scheduled-requests.js';

/*
 * A schedule starts its runs from the database. What became of its due times, how far it has come and the requests for its runs are one
 * transaction, which counts only where the schedule is as it was seen: so each due time is decided once, whoever looks, and a
 * process that dies has decided all of it or nothing. What whoever made it may do is asked in the same transaction. A request is then taken like any other; should nobody be left to do so, it lies in the
 * inbox, where it is found.
 */

const PAGE = 100;
/** So many pages hold all schedules there can be. A round ends behind them, whatever comes meanwhile. */
const MOST_PAGES = MOST_SCHEDULES / PAGE;

export interface FiringPorts {
  readonly pool: Pool;
  /** Which of all logs this is: its schedules start their runs here. */
  readonly shard: Shard;
  /** Takes a request that was written down. May be lost: a round takes it then. */
  readonly take: (request: LetIn) => Promise<unknown>;
  readonly log: Logger;
}

/** Starts what is due. @returns how many runs were asked for */
export async function fireSchedules(ports: FiringPorts): Promise<number> {
  let started = 0;
  let place: PlaceInDue | undefined;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const page = await dueSchedules(ports.pool, PAGE, place);
    for (const row of page) {
      try {
        started += await fire(row.read(), ports);
      } catch (thrown) {
        // One that makes trouble must not hold up those behind it.
        const { scheduleId, name } = row;
        ports.log.warn({ scheduleId, name, err: toError(thrown) }, 'schedule not looked at, a later round will');
      }
    }
    if (page.length < PAGE) break;
    place = page.at(-1);
  }
  return started;
}

async function fire(schedule: DueSchedule, { pool, shard, take, log }: FiringPorts): Promise<number> {
  const { scheduleId, name, madeAt, endsAt, decidedTo, nowMs, isBusy, queuedAt, catchUp, overlap } = schedule;
  const table = timetable(schedule.timing, { madeAtMs: madeAt.getTime(), endsAtMs: endsAt?.getTime() ?? null });
  // It was looked at when it was made; the zones of this runtime may be others.
  if (isProblem(table)) throw new Error(`its ${table.member} ${table.detail}`);
  const afterMs = decidedTo.getTime();
  const isActive = schedule.status === 'active';
  const due = isActive ? dueNow(table, { afterMs, nowMs, most: MOST_AT_ONCE, spread: schedule }) : NOTHING_DUE;
  const facts = { nowMs, ...due, catchUp, overlap, isBusy, queuedMs: queuedAt?.getTime() ?? null };
  const { decided, upToMs, hasQueued } = decideDue(facts);
  const decidedToMs = upToMs ?? afterMs;
  const firings = decided.map((each) => toWrite(schedule, each, shard));
  const next = { ...nextLook(table, schedule, decidedToMs), decidedTo: new Date(decidedToMs), hasQueued, firings };
  if (!(await fireSchedule(pool, schedule, next))) {
    const now = await findSchedule(pool, name);
    if (now !== null && now !== 'unreadable' && now.stop !== null)
      log.warn({ scheduleId, name, reason: now.stop.reason }, 'schedule stopped: its maker may start its runs no more');
    return 0;
  }
  const requests = firings.flatMap(({ request }) => (request === null ? [] : [request]));
  for (const { outcome, dueAt, count } of firings)
    log.info({ scheduleId, name, dueAt, count, outcome }, 'schedule due');
  for (const request of requests) {
    await take({ ...request, name: 'submit', isVouched: true, isSuspect: false }).catch((thrown: unknown) => {
      log.warn({ scheduleId, err: toError(thrown) }, 'scheduled run not begun yet, a later round will');
    });
  }
  return requests.length;
}

const NOTHING_DUE = { dues: [], hasMore: false };

function nextLook(
  table: Timetable,
  schedule: DueSchedule,
  decidedToMs: number,
): { readonly status: 'active' | 'ended'; readonly wakeAt: Date | null } {
  const dueMs = table.nextAfter(decidedToMs);
  if (dueMs === null) return { status: 'ended', wakeAt: null };
  return { status: 'active', wakeAt: new Date(startOf(table, dueMs, schedule)) };
}

function toWrite(schedule: DueSchedule, { dueMs, untilMs, count, outcome }: DecidedDue, shard: Shard): FiringToWrite {
  const dueAt = new Date(dueMs);
  const request = outcome === 'started' ? requestFor(schedule, dueAt, shard) : null;
  return { dueAt, untilAt: new Date(untilMs), count, outcome, request };
}

/** The same schedule and due time always make the same request, and so the same run. */
function requestFor(
  { key, name, run, createdBy }: DueSchedule,
  dueAt: Date,
  shard: Shard,
): NonNullable<FiringToWrite['request']> {
  const due = dueAt.toISOString();
  const requestId: RequestId = `${SCHEDULED}${createHash('sha256').update(`${key} ${due}`).digest('hex').slice(0, 32)}`;
  const runId: RunId = runIdHere(requestId, shard);
  const labels = { ...run.labels, [SCHEDULE_LABEL]: name, [DUE_LABEL]: due };
  return { requestId, runId, message: JsonObject.parse({ ...run, labels, requestId, runId, actor: createdBy }) };
}
