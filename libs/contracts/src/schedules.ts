import { z } from 'zod';
import { SubmitRunBody } from './http.js';
import { RunId } from './ids.js';
import { Actor } from './intake.js';
import { KebabName } from './kebab-name.js';

export const ScheduleName = KebabName;

/** Less is what queues and loops are for. */
const SHORTEST_INTERVAL_SECONDS = 10;
const YEAR_SECONDS = 366 * 86_400;

const time = z.iso.datetime({ offset: true, message: 'must be a time with its offset, as 2026-12-01T06:00:00Z' });

/** When a schedule is due. */
export const ScheduleTiming = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('cron'),
    /** Five fields: minute, hour, day of the month, month, day of the week; or one of @yearly, @monthly, @weekly, @daily, @hourly. */
    expression: z.string().min(1).max(200),
    /** Of the IANA database, such as Europe/Berlin. */
    timeZone: z.string().min(1).max(64).default('UTC'),
  }),
  z.strictObject({
    type: z.literal('interval'),
    seconds: z.int().min(SHORTEST_INTERVAL_SECONDS).max(YEAR_SECONDS),
    /** What the intervals are counted from; absent: when the schedule was made. */
    from: time.optional(),
  }),
  z.strictObject({ type: z.literal('at'), at: time }),
]);
export type ScheduleTiming = z.infer<typeof ScheduleTiming>;

/** What is done about due times that nobody was there for. */
export const CatchUp = z.strictObject({
  /** `skip` none of them, start the `last` one, or `all` of the newest. */
  policy: z.enum(['skip', 'last', 'all']).default('last'),
  /** With `all`: no more than so many. */
  most: z.int().min(1).max(100).default(10),
  /** What was due longer ago is not started. */
  withinSeconds: z.int().min(60).max(YEAR_SECONDS).default(86_400),
});
export type CatchUp = z.infer<typeof CatchUp>;

/** What is done when it is due and its last run is still under way: both run, the new one does not, or one of them waits. */
export const Overlap = z.enum(['allow', 'skip', 'queue']);
export type Overlap = z.infer<typeof Overlap>;

/** What every run of a schedule is submitted with. */
export const ScheduledRun = SubmitRunBody.omit({ requestId: true, runId: true }).strict();
export type ScheduledRun = z.infer<typeof ScheduledRun>;

/** Labels that say which schedule started a run, and for when. */
export const SCHEDULE_LABEL = 'schedule';
export const DUE_LABEL = 'due';

/** Body of `POST /v1/schedules`. */
export const CreateScheduleBody = z.strictObject({
  name: ScheduleName,
  timing: ScheduleTiming,
  run: ScheduledRun,
  overlap: Overlap.default('skip'),
  catchUp: CatchUp.prefault({}),
  /** Each start is up to so many seconds later, by an amount that follows from schedule and due time, and before the next due time. */
  jitterSeconds: z.int().min(0).max(86_400).default(0),
  /** Nothing is due after it. */
  endsAt: time.optional(),
});
export type CreateScheduleBody = z.infer<typeof CreateScheduleBody>;

export const ScheduleStatus = z.enum(['active', 'paused', 'stopped', 'ended']);
export type ScheduleStatus = z.infer<typeof ScheduleStatus>;

/** Why a schedule was stopped. */
export const ScheduleStop = z.object({
  /**
   * The key of whoever made it was revoked (`key-revoked`), has expired (`key-expired`), may submit nothing any more (`key-without-role`), or
   * not such runs (`key-out-of-scope`); or a user made it, of whom nobody knows what they may while they are away (`maker-away`). There may be
   * others.
   */
  reason: z.string(),
  /** The same as a sentence. */
  detail: z.string(),
  at: z.string(),
});
export type ScheduleStop = z.infer<typeof ScheduleStop>;

/** `GET /v1/schedules/{name}`, and an item of the list. */
export const ScheduleView = z.object({
  scheduleId: z.uuid(),
  name: z.string(),
  /** Moves with each change that somebody makes; in the ETag. */
  version: z.int().positive(),
  /** `stopped`: its maker may start no more of its runs, and it rests until somebody takes it over. `ended`: nothing is due any more. */
  status: ScheduleStatus,
  /** There where it is `stopped`. */
  stop: ScheduleStop.nullable().default(null),
  timing: ScheduleTiming,
  run: ScheduledRun,
  overlap: Overlap,
  catchUp: CatchUp,
  jitterSeconds: z.int(),
  endsAt: z.string().nullable(),
  /** When it is due next; null while it rests, and when it has ended. */
  nextDueAt: z.string().nullable(),
  createdAt: z.string(),
  /** In whose name its runs are submitted: whoever made it, or took it over. */
  createdBy: Actor,
});
export type ScheduleView = z.infer<typeof ScheduleView>;

/** What became of a due time. */
export const Firing = z.object({
  dueAt: z.string(),
  /** Of `missed`: the last of the due times that it stands for, and how many they are. */
  untilAt: z.string(),
  count: z.int().positive(),
  /**
   * `started`: a run was asked for. `queued`: it waits for the last run. `overlapped`: the last run was under way. `missed`: nobody was
   * there for it, and catching up does not cover it.
   */
  outcome: z.enum(['started', 'queued', 'overlapped', 'missed']),
  /** Somebody started it by hand. */
  isManual: z.boolean(),
  runId: RunId.nullable(),
  /** `refused`: the run could not begin, and `reason` says why; it is among the dead letters. `unknown`: it is long gone. */
  status: z
    .enum(['accepted', 'running', 'paused', 'succeeded', 'failed', 'cancelled', 'refused', 'unknown'])
    .nullable(),
  reason: z.string().nullable(),
});
export type Firing = z.infer<typeof Firing>;

/** A schedule with what comes next and what was last. */
export const ScheduleDetail = ScheduleView.extend({
  /** The next due times, five at most. */
  upcoming: z.array(z.string()),
  /** The newest first, twenty at most. */
  firings: z.array(Firing),
});
export type ScheduleDetail = z.infer<typeof ScheduleDetail>;

/** `GET /v1/schedules`: by name. */
export const ScheduleList = z.object({
  schedules: z.array(ScheduleView),
  /** The names of those that this version cannot read: a newer one has made them. */
  unreadable: z.array(z.string()).default([]),
});
export type ScheduleList = z.infer<typeof ScheduleList>;
