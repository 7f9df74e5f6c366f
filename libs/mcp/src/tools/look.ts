import { listUpTo } from '@baton/client';
import { type EventView, Json, RunDetail } from '@baton/contracts';
import { z } from 'zod';
import { bounded, cutTo, LeftOut, nameOf, RunId, RunShown, sayRun, shownRun, Url } from '../shapes.js';
import { LOOK, type Tool, type ToolPorts, toolOf } from '../tool.js';

const MOST_RUNS = 100;
const MOST_EVENTS = 100;
const MOST_DATA = 8_000;
const MOST_SECONDS = 50;
/** Beyond what the gateway waits. */
const SLACK_MS = 10_000;

const EventShown = z.object({
  version: z.int(),
  type: z.string(),
  recordedAt: z.string(),
  by: z.string(),
  summary: z.string(),
  data: Json.describe('null where it was not asked for, or was too long'),
  leftOutCharacters: LeftOut,
});

const shownEvent = ({ version, type, recordedAt, actor, summary, data }: EventView, withData: boolean) => {
  const { value, leftOutCharacters } = withData ? bounded(data, MOST_DATA) : { value: null, leftOutCharacters: null };
  return { version, type, recordedAt, by: nameOf(actor), summary: cutTo(summary), data: value, leftOutCharacters };
};

/** A page of the events of a run, after a version. */
async function eventsAfter(
  { api }: Pick<ToolPorts, 'api'>,
  runId: string,
  asked: { readonly after: number; readonly limit: number; readonly withData: boolean },
  signal: AbortSignal,
) {
  const { after, limit, withData } = asked;
  const { events } = await api.get('/v1/runs/{id}/events', {
    params: { path: { id: runId }, query: { after, limit } },
    signal,
  });
  return events.map((event) => shownEvent(event, withData));
}

const getRun = toolOf({
  name: 'get_run',
  title: 'Look at a run',
  description: 'How a run stands now: status, states, what it waits for, errors, cost.',
  input: z.strictObject({ runId: RunId }),
  output: RunShown.extend({
    agents: RunDetail.shape.agents.describe(
      'what it was submitted with for its agents, such as mcpServers: the tools of servers that it leaves them',
    ),
  }),
  route: 'GET /v1/runs/:id',
  roles: LOOK,
  effect: 'looks',
  run: async ({ api, dashboardUrl }, { runId }, { signal }) => {
    const run = await api.get('/v1/runs/{id}', { params: { path: { id: runId } }, signal });
    const value = { ...shownRun(run, dashboardUrl), agents: run.agents };
    return { value, text: sayRun(value), page: `/runs/${value.runId}` };
  },
});

const waitRun = toolOf({
  name: 'wait_run',
  title: 'Wait for a run',
  description: `Waits until a run has ended, is paused, or waits for a person, a signal or an answer by a token, ${MOST_SECONDS} seconds at most, and returns what happened since the cursor. Call it again with nextCursor while isSettled is false; once it is true, waiting longer helps nothing.`,
  input: z.strictObject({
    runId: RunId,
    seconds: z.int().min(0).max(MOST_SECONDS).default(30),
    cursor: z.int().nonnegative().default(0).describe('nextCursor of the call before; 0 for all from the beginning'),
  }),
  output: z.object({
    run: RunShown,
    events: z.array(EventShown).describe('oldest first; nextCursor leads on where there are more'),
    nextCursor: z.int(),
    hasMore: z.boolean().describe('whether there are more events already: ask at once'),
  }),
  route: 'GET /v1/runs/:id',
  roles: LOOK,
  effect: 'looks',
  mayWait: true,
  run: async (ports, { runId, seconds, cursor }, { signal }) => {
    const run = await ports.api.get('/v1/runs/{id}', {
      params: { path: { id: runId }, header: { Prefer: `wait=${seconds}` } },
      timeoutMs: seconds * 1_000 + SLACK_MS,
      signal,
    });
    const shown = shownRun(run, ports.dashboardUrl);
    const events = await eventsAfter(
      ports,
      shown.runId,
      { after: cursor, limit: MOST_EVENTS, withData: false },
      signal,
    );
    const nextCursor = events.at(-1)?.version ?? cursor;
    const hasMore = nextCursor < shown.events;
    const value = { run: shown, events, nextCursor, hasMore };
    const lines = events.slice(-10).map(({ version, summary }) => `${version}. ${cutTo(summary, 300)}`);
    const next = shown.isSettled && !hasMore ? [] : [`Go on with the cursor ${nextCursor}.`];
    return { value, text: [sayRun(shown), ...lines, ...next].join('\n'), page: `/runs/${shown.runId}` };
  },
});

const listRuns = toolOf({
  name: 'list_runs',
  title: 'List runs',
  description:
    'Runs, newest first, by status, workflow, label or words; waitingFor "me" for those that you may decide about.',
  input: z.strictObject({
    status: z.enum(['accepted', 'running', 'paused', 'succeeded', 'failed', 'cancelled']).optional(),
    workflow: z.string().max(100).optional(),
    label: z.string().max(320).optional().describe('name=value'),
    text: z.string().max(200).optional().describe('beginnings of words of the title, labels, submitter or id'),
    waitingFor: z.enum(['approval', 'me']).optional(),
    limit: z.int().min(1).max(MOST_RUNS).default(20),
    cursor: z.string().max(500).optional().describe('next of the call before'),
  }),
  output: z.object({ runs: z.array(RunShown), next: z.string().nullable() }),
  route: 'GET /v1/runs',
  roles: LOOK,
  effect: 'looks',
  run: async ({ api, dashboardUrl }, { limit, cursor, label, ...filter }, { signal }) => {
    const { items, next } = await listUpTo({
      ...{ limit, after: cursor, pageSize: MOST_RUNS },
      ask: async (page) => {
        const query = { ...filter, ...(label === undefined ? {} : { label: [label] }), ...page };
        const list = await api.get('/v1/runs', { params: { query }, signal });
        return { items: list.runs, next: list.next };
      },
    });
    const runs = items.map((run) => shownRun(run, dashboardUrl));
    const lines = runs.map(({ runId, workflow, status, title }) =>
      `${runId} ${status} ${workflow} ${title ?? ''}`.trim(),
    );
    const text = runs.length === 0 ? 'There are no such runs.' : lines.join('\n');
    return { value: { runs, next }, text, page: '/' };
  },
});

const getEvents = toolOf({
  name: 'get_events',
  title: 'Read the log of a run',
  description:
    'Every fact of a run in order: what was asked of whom, what came of it, each decision with its reason. With withData also the data of each event, where it is not too long.',
  input: z.strictObject({
    runId: RunId,
    after: z.int().nonnegative().default(0).describe('the version after which to begin'),
    limit: z.int().min(1).max(MOST_EVENTS).default(30),
    withData: z.boolean().default(false),
  }),
  output: z.object({
    runId: z.string(),
    events: z.array(EventShown),
    next: z.int().nullable().describe('to go on with, as after'),
    url: Url,
  }),
  route: 'GET /v1/runs/:id/events',
  roles: LOOK,
  effect: 'looks',
  run: async (ports, { runId, after, limit, withData }, { signal }) => {
    const page = await eventsAfter(ports, runId, { after, limit: limit + 1, withData }, signal);
    const events = page.slice(0, limit);
    const next = page.length > limit ? (events.at(-1)?.version ?? null) : null;
    const text = events.map(({ version, summary }) => `${version}. ${cutTo(summary, 300)}`).join('\n');
    return {
      value: { runId, events, next, url: `${ports.dashboardUrl}/runs/${runId}` },
      text: text === '' ? 'There are no further events.' : text,
      page: `/runs/${runId}`,
    };
  },
});

export const lookingTools: readonly Tool[] = [getRun, waitRun, listRuns, getEvents];
