import { GatewayRefused } from '@baton/client';
import {
  CatchUp,
  CreateScheduleBody,
  Firing,
  JsonObject,
  Overlap,
  ScheduleName,
  ScheduleStop,
  ScheduleTiming,
  ScheduleView,
} from '@baton/contracts';
import { z } from 'zod';
import { Budget, nameOf, RequestKey, ServersLeft, Url } from '../shapes.js';
import { LOOK, type Tool, toolOf } from '../tool.js';
import { Labels, labelsOf } from './submit.js';

/** Of somebody else's only an operator changes anything: the API looks. */
const OWNERS = ['submitter', 'operator'] as const;
const PAGE = '/operations';

const Name = z.string().min(1).max(63).describe('of the schedule; list_schedules has them');

const ScheduleShown = z.object({
  name: z.string(),
  version: z.int().describe('moves with each change: pause_schedule and delete_schedule are bound to it'),
  status: ScheduleView.shape.status,
  stop: ScheduleStop.nullable().describe('why it is stopped; it works again once somebody takes it over'),
  workflow: z.string(),
  timing: ScheduleTiming,
  overlap: Overlap,
  nextDueAt: z.string().nullable(),
  endsAt: z.string().nullable(),
  createdBy: z.string(),
  url: Url,
});

const shown = (each: ScheduleView, dashboardUrl: string): z.input<typeof ScheduleShown> => {
  const { name, version, status, run, timing, overlap, nextDueAt, endsAt, createdBy } = each;
  const stop = each.stop ?? null;
  const by = nameOf(createdBy);
  const url = `${dashboardUrl}${PAGE}`;
  return {
    name,
    version,
    status,
    stop,
    workflow: run.workflow,
    timing,
    overlap,
    nextDueAt,
    endsAt,
    createdBy: by,
    url,
  };
};

const say = ({ name, status, stop, workflow, nextDueAt }: z.input<typeof ScheduleShown>): string => {
  const why = stop === null ? '' : ` since ${stop.at}: ${stop.detail}`;
  return `${name} (${status}${why}) starts runs of ${workflow}${nextDueAt === null ? '' : `, next at ${nextDueAt}`}`;
};

/** What a newer version has made is not in a list, and is not concealed either. */
const sayAll = (schedules: readonly z.input<typeof ScheduleShown>[], unreadable: readonly string[]): string => {
  const lines = schedules.map(say);
  if (unreadable.length > 0)
    lines.push(`Not shown, since a newer version of Baton has made them: ${unreadable.join(', ')}`);
  return lines.length === 0 ? 'There are none.' : lines.join('\n');
};

const listSchedules = toolOf({
  name: 'list_schedules',
  title: 'List schedules',
  description: 'What starts runs at certain times, by name. get_schedule has what became of the last due times.',
  input: z.strictObject({}),
  output: z.object({
    schedules: z.array(ScheduleShown),
    unreadable: z.array(z.string()).describe('names of those that a newer version has made, and this one cannot read'),
  }),
  route: 'GET /v1/schedules',
  roles: LOOK,
  effect: 'looks',
  run: async ({ api, dashboardUrl }, _, { signal }) => {
    const list = await api.get('/v1/schedules', { signal });
    const schedules = list.schedules.map((each) => shown(each, dashboardUrl));
    const unreadable = list.unreadable ?? [];
    return { value: { schedules, unreadable }, text: sayAll(schedules, unreadable), page: PAGE };
  },
});

const getSchedule = toolOf({
  name: 'get_schedule',
  title: 'Look at a schedule',
  description:
    'A schedule with what its runs are submitted with, when it is due next, and what became of the last due times.',
  input: z.strictObject({ name: Name }),
  output: ScheduleShown.extend({
    run: JsonObject.describe('what each run is submitted with'),
    upcoming: z.array(z.string()),
    firings: z.array(Firing).describe('newest first'),
  }),
  route: 'GET /v1/schedules/:name',
  roles: LOOK,
  effect: 'looks',
  run: async ({ api, dashboardUrl }, { name }, { signal }) => {
    const schedule = await api.get('/v1/schedules/{name}', { params: { path: { name } }, signal });
    const { run, upcoming, firings } = schedule;
    const [last] = firings;
    const before = last === undefined ? '' : ` At ${last.dueAt}: ${last.outcome} ${last.runId ?? ''}`.trimEnd();
    const value = { ...shown(schedule, dashboardUrl), run: JSON.parse(JSON.stringify(run)), upcoming, firings };
    return { value, text: `${say(value)}.${before}`, page: PAGE };
  },
});

const createSchedule = toolOf({
  name: 'create_schedule',
  title: 'Make a schedule',
  description:
    'Has runs of a workflow started at certain times, with the rights of this key, until it is removed: by a cron expression of five fields in a time zone, at an interval, or once. Only where a person asked for it; for one run now, submit_run.',
  input: z.strictObject({
    name: ScheduleName.describe('kebab-case, such as nightly-report'),
    timing: ScheduleTiming,
    workflow: z.string().min(1).max(200).describe('name, or name@version'),
    input: JsonObject.describe('what the input schema of the workflow asks for'),
    labels: Labels.optional(),
    budget: Budget.optional().describe('of each run'),
    mcpServers: ServersLeft,
    overlap: Overlap.optional().describe('what is done when its last run is still under way; skip without it'),
    catchUp: CatchUp.optional().describe(
      'what is done about due times that were missed; the last one is started without it',
    ),
    endsAt: z.iso.datetime({ offset: true }).optional().describe('nothing is due after it'),
    requestId: RequestKey,
  }),
  output: ScheduleShown,
  route: 'POST /v1/schedules',
  roles: ['submitter'],
  effect: 'changes',
  run: async ({ api, dashboardUrl }, given, call) => {
    const { name, timing, workflow, input, labels, budget, mcpServers, requestId, ...rest } = given;
    const run = {
      ...{ workflow, input, labels: labelsOf(labels, call.clientName) },
      ...(budget === undefined ? {} : { budget }),
      ...(mcpServers === undefined ? {} : { agents: { mcpServers } }),
    };
    const params = requestId === undefined ? {} : { params: { header: { 'Idempotency-Key': requestId } } };
    const body = CreateScheduleBody.parse({ name, timing, run, ...rest });
    const made = await api.post('/v1/schedules', { ...params, body, signal: call.signal });
    const value = shown(made, dashboardUrl);
    return { value, text: `${say(value)}.`, page: PAGE };
  },
});

const Version = z
  .int()
  .positive()
  .describe('of the schedule as it was seen, from get_schedule: where it was changed since, nothing is done');

const changing = (name: 'pause' | 'resume', title: string, description: string): Tool =>
  toolOf({
    ...{ name: `${name}_schedule`, title, description },
    input: z.strictObject({ name: Name, version: Version.optional() }),
    output: ScheduleShown,
    route: `POST /v1/schedules/:name/${name}`,
    roles: OWNERS,
    effect: 'changes',
    isIdempotent: true,
    run: async ({ api, dashboardUrl }, { name: schedule, version }, { signal }) => {
      const params = paramsOf(schedule, version);
      const value = shown(await api.post(`/v1/schedules/{name}/${name}`, { params, signal }), dashboardUrl);
      return { value, text: `${say(value)}.`, page: PAGE };
    },
  });

const paramsOf = (name: string, version: number | undefined) => ({
  path: { name },
  ...(version === undefined ? {} : { header: { 'If-Match': `"v${version}"` } }),
});

/** Whoever did not hear that it was removed asks for the same again: that is done. */
function isGone(thrown: unknown): false {
  if (thrown instanceof GatewayRefused && thrown.code === 'schedule-not-found') return false;
  throw thrown;
}

const deleteSchedule = toolOf({
  name: 'delete_schedule',
  title: 'Remove a schedule',
  description: 'Removes a schedule for good; runs that it started go on. pause_schedule holds it instead.',
  input: z.strictObject({ name: Name, version: Version }),
  output: z.object({
    name: z.string(),
    wasThere: z.boolean().describe('false where there was none of that name, so that nothing was removed'),
    url: Url,
  }),
  route: 'DELETE /v1/schedules/:name',
  roles: OWNERS,
  effect: 'ends',
  isIdempotent: true,
  run: async ({ api, dashboardUrl }, { name, version }, { signal }) => {
    const params = paramsOf(name, version);
    const wasThere = await api.delete('/v1/schedules/{name}', { params, signal }).then(() => true, isGone);
    const text = wasThere
      ? `The schedule ${name} is removed.`
      : `There is no schedule ${name}, so nothing was removed; list_schedules has those that there are.`;
    return { value: { name, wasThere, url: `${dashboardUrl}${PAGE}` }, text, page: PAGE };
  },
});

export const scheduleTools: readonly Tool[] = [
  listSchedules,
  getSchedule,
  createSchedule,
  changing(
    'pause',
    'Pause a schedule',
    'Starts no more runs by a schedule until resume_schedule; runs under way go on.',
  ),
  changing('resume', 'Resume a schedule', 'Starts runs by a paused schedule again, from its next due time on.'),
  deleteSchedule,
];
