import { BatonError, GOAL_WORKFLOW, GoalEstimate, Json, JsonObject, WorkflowFinding } from '@baton/contracts';
import { z } from 'zod';
import { Accepted, accepted, Budget, bounded, cutTo, LeftOut, RequestKey, RunId, ServersLeft, Url } from '../shapes.js';
import { LOOK, type Tool, toolOf } from '../tool.js';
import { newestComposition } from './newest-composition.js';
import { Labels, labelsOf } from './submit.js';

const submitGoal = toolOf({
  name: 'submit_goal',
  title: 'Submit a goal',
  description:
    'For a goal in a sentence where no workflow is known for it: Baton composes one of the workers and workflows that are there, and a person approves it before it runs. Returns the id of a run; wait_run follows it, get_composed_workflow has what was composed and its estimated cost. Where a workflow fits, submit_run is better.',
  input: z.strictObject({
    goal: z.string().min(1).max(4_000).describe('what is wanted, in a sentence or a few'),
    input: JsonObject.optional().describe('what it is about: members that the steps may be given by their names'),
    labels: Labels.optional(),
    budget: Budget.optional(),
    priority: z.int().min(0).max(3).optional().describe('0 is most urgent'),
    mcpServers: ServersLeft,
    requestId: RequestKey,
  }),
  output: Accepted,
  route: 'POST /v1/goals',
  roles: ['submitter'],
  effect: 'changes',
  run: async ({ api, dashboardUrl }, { labels, mcpServers, ...goal }, call) => {
    // Whoever asks for it is a program: what was composed is for a person to approve.
    const answer = await api.post('/v1/goals', {
      body: {
        ...{ ...goal, approval: 'ask', labels: labelsOf(labels, call.clientName) },
        ...(mcpServers === undefined ? {} : { agents: { mcpServers } }),
      },
      signal: call.signal,
    });
    return {
      value: accepted(answer, dashboardUrl),
      text: `Run ${answer.runId} composes a workflow for the goal. Follow it with wait_run; a person approves what was composed.`,
      page: `/runs/${answer.runId}`,
    };
  },
});

const getComposedWorkflow = toolOf({
  name: 'get_composed_workflow',
  title: 'Read what was composed for a goal',
  description:
    'The workflow that a run of submit_goal composed, as a document, with what it is expected to cost and what is doubtful in it. It is the newest where a person asked for another one; it is published, and can be submitted by its ref, once that person has approved it.',
  input: z.strictObject({ runId: RunId }),
  output: z.object({
    runId: z.string(),
    ref: z
      .string()
      .nullable()
      .describe('name@version that it has, or will have; null where nothing is composed so far'),
    isRefused: z
      .boolean()
      .describe('a person asked for another one after it, and none that may run has been composed since'),
    of: z.string().nullable().describe('where the run is a fork: the run that composed it'),
    readTo: z.int().nullable().describe('where the log is longer than is looked at: the event up to which it was read'),
    document: Json,
    leftOutCharacters: LeftOut,
    estimate: GoalEstimate.nullable(),
    findings: z.array(WorkflowFinding),
    status: z.string().describe('of the run'),
    error: z.string().nullable(),
    cause: z.string().nullable().describe('where nothing could be composed, what is missing'),
    url: Url,
  }),
  route: 'GET /v1/events',
  roles: LOOK,
  effect: 'looks',
  run: async (ports, { runId }, { signal }) => {
    const run = await ports.api.get('/v1/runs/{id}', { params: { path: { id: runId } }, signal });
    if (run.workflow !== GOAL_WORKFLOW)
      throw new BatonError(`Run ${run.runId} is of the workflow ${run.workflow}, and composes nothing.`, {
        code: 'no-goal',
        next: 'Ask get_workflow for the document of a workflow.',
      });
    const { composed: newest, isRefused, of, readTo } = await newestComposition(ports, run, signal);
    const { value, leftOutCharacters } = bounded(newest?.document ?? null);
    const { status, error } = run;
    const cause = run.cause === null ? null : cutTo(run.cause);
    const usual = newest?.cost?.usd ?? null;
    const cut = readTo === null ? '' : ` The log was read up to event ${readTo}; get_events has what came later.`;
    const refused = isRefused ? ' A person asked for another one, and none that may run has been composed since.' : '';
    const forked = of === null ? '' : ` Run ${of} composed it, of which this one is a fork.`;
    const costs = usual === null ? 'What it costs is not known' : `It is expected to cost ${usual} USD`;
    return {
      value: {
        ...{ runId: run.runId, ref: newest?.ref ?? null, document: value, leftOutCharacters, status, error, cause },
        ...{ isRefused, of, readTo },
        estimate: newest?.cost ?? null,
        findings: newest?.findings ?? [],
        url: `${ports.dashboardUrl}/runs/${run.runId}`,
      },
      text:
        newest === null
          ? `Nothing is composed so far; the run is ${status}${cause === null ? '' : `: ${cause}`}.${cut}`
          : `${newest.ref} was composed. ${costs}.${refused}${forked}${cut}\n${cutTo(JSON.stringify(value, null, 2), 20_000)}`,
      page: `/runs/${run.runId}`,
    };
  },
});

export const goalTools: readonly Tool[] = [submitGoal, getComposedWorkflow];
