import {
  type CreateScheduleBody,
  DUE_LABEL,
  GOAL_WORKFLOW,
  SCHEDULE_LABEL,
  type ScheduledRun,
  type ScheduleView,
} from '@baton/contracts';
import { databaseTimeMs, hashesIn, holdBlobs, inTransaction, MOST_SCHEDULES, storeSchedule } from '@baton/event-store';
import { isProblem, type Timetable, timetable } from '@baton/schedules';
import { holdKey } from '../auth/hold-key.js';
import { ProblemError } from '../http/problem.js';
import { refuseForeignWorkspace } from '../lineages/lineage-problems.js';
import type { Deed } from '../once/once.js';
import type { GatewayParts } from '../parts/parts.js';
import { checkAgents } from '../runs/check-agents.js';
import { checkBy } from '../runs/check-by.js';
import { requireWorkflow } from '../runs/submit-run.js';
import { requireOwner } from './change-schedule.js';
import { viewOf } from './schedule-views.js';

/**
 * Sees to it that a schedule can be made: that it will be due, and that a run would be taken today. A mistake is told now, and not some night.
 *
 * @returns what makes it
 * @throws ProblemError 422 with what is wrong; 409 where its name is taken, or there are too many
 */
export async function prepareSchedule(parts: GatewayParts, body: CreateScheduleBody): Promise<Deed<ScheduleView>> {
  const caller = parts.caller();
  requireOwner(caller, body);
  await checkRun(parts, body.run);
  const createdBy = caller.actor;
  const madeAtMs = await databaseTimeMs(parts.pool);
  const table = timetableOf(body, madeAtMs);
  const first = table.nextAfter(madeAtMs);
  if (first === null) throw neverDue(body);
  const schedule = { ...body, createdBy, madeAt: new Date(madeAtMs), wakeAt: new Date(first) };
  return async (connection) => {
    const stored = await inTransaction(connection, async (client) => {
      await holdKey(caller, client);
      return storeSchedule(client, schedule);
    });
    if (typeof stored !== 'string') return viewOf(stored);
    if (stored === 'exists') {
      throw new ProblemError(`There is a schedule ${body.name} already.`, {
        status: 409,
        code: 'schedule-exists',
        next: 'Choose another name, or DELETE /v1/schedules/{name} first.',
        errors: [{ pointer: '/name', detail: 'belongs to another schedule' }],
      });
    }
    throw new ProblemError(`There are ${MOST_SCHEDULES} schedules already, which is the most there can be.`, {
      status: 409,
      code: 'too-many-schedules',
      next: 'DELETE /v1/schedules/{name} removes one.',
    });
  };
}

function timetableOf({ timing, endsAt }: CreateScheduleBody, madeAtMs: number): Timetable {
  const made = timetable(timing, { madeAtMs, endsAtMs: endsAt === undefined ? null : Date.parse(endsAt) });
  if (!isProblem(made)) return made;
  throw refused([{ pointer: `/timing/${made.member}`, detail: made.detail }]);
}

function neverDue({ timing, endsAt }: CreateScheduleBody): ProblemError {
  if (timing.type === 'at' && endsAt === undefined)
    return refused([{ pointer: '/timing/at', detail: 'is over: it has to be a time to come' }]);
  return refused([{ pointer: '/endsAt', detail: 'is before it is due for the first time' }]);
}

const refused = (errors: ProblemError['errors']): ProblemError =>
  new ProblemError('The schedule would never be due.', {
    status: 422,
    code: 'never-due',
    next: 'Correct what errors[] points at.',
    errors,
  });

/** As a submission is looked at, but for what only the moment of the start can tell. */
async function checkRun(parts: GatewayParts, run: ScheduledRun): Promise<void> {
  const taken = [SCHEDULE_LABEL, DUE_LABEL].filter((label) => Object.hasOwn(run.labels ?? {}, label));
  if (taken.length > 0) {
    throw new ProblemError(`A schedule gives its runs the label ${taken.join(' and ')} itself.`, {
      status: 422,
      code: 'invalid-body',
      next: 'Leave it out.',
      errors: taken.map((label) => ({ pointer: `/run/labels/${label}`, detail: 'is set by the schedule' })),
    });
  }
  await withinRun(async () => {
    refuseGoal(run);
    const { document } = await requireWorkflow(parts, run);
    await checkAgents(parts, run.agents);
    checkBy(document, run.by);
    await refuseForeignWorkspace(parts.pool, run.input);
    if (document.personal !== undefined) {
      throw new ProblemError(`Runs of ${run.workflow} hold personal data, and a schedule keeps its input as it is.`, {
        status: 422,
        code: 'personal-input',
        next: 'Have a program submit these runs, or let the workflow fetch what is personal itself.',
        errors: [{ pointer: '/workflow', detail: 'takes personal data' }],
      });
    }
  });
  await holdBlobs(parts.pool, hashesIn(JSON.stringify(run)));
}

/** What a goal is composed of is what there is when it is submitted; and whether it is asked about is for nobody to say in advance. */
function refuseGoal({ workflow }: ScheduledRun): void {
  if (workflow.split('@')[0] !== GOAL_WORKFLOW) return;
  throw new ProblemError(
    'A schedule starts no goals: by then there may be other workers and workflows to compose of.',
    {
      status: 422,
      code: 'goal-in-schedule',
      next: 'Submit the goal once with POST /v1/goals, and make the schedule of the workflow that was composed.',
      errors: [{ pointer: '/workflow', detail: 'composes, and is started by no schedule' }],
    },
  );
}

/** What is wrong with a submission is wrong with the member of a schedule that holds it. */
async function withinRun(check: () => Promise<void>): Promise<void> {
  try {
    await check();
  } catch (thrown) {
    if (!(thrown instanceof ProblemError)) throw thrown;
    const { status, code, next = '', errors } = thrown;
    throw new ProblemError(thrown.message, {
      status,
      code,
      next,
      errors: errors.map(({ pointer, detail }) => ({ pointer: `/run${pointer}`, detail })),
      cause: thrown,
    });
  }
}
