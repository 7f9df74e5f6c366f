import { Json, JsonObject } from '@baton/contracts';
import { z } from 'zod';
import { Accepted, accepted, Budget, RequestKey, RunId, ServersLeft } from '../shapes.js';
import { type Tool, toolOf } from '../tool.js';

/** The label of runs that came this way; its value is how the client calls itself. */
const CLIENT_LABEL = 'mcp-client';

export const Labels = z.record(z.string().min(1).max(63), z.string().max(255));

export const labelsOf = (given: Readonly<Record<string, string>> | undefined, clientName: string | null) => ({
  ...(clientName === null ? {} : { [CLIENT_LABEL]: clientName }),
  ...given,
});

const submitRun = toolOf({
  name: 'submit_run',
  title: 'Submit a run',
  description:
    'Starts a run of a workflow and returns its id at once; follow it with wait_run. list_workflows has the names, get_workflow the schema of the input. For seven-step the input is { "requirements": "…" }.',
  input: z.strictObject({
    workflow: z.string().min(1).max(200).default('seven-step').describe('name, or name@version'),
    input: JsonObject.describe('what the input schema of the workflow asks for'),
    labels: Labels.optional(),
    mode: z
      .enum(['programmatic', 'llm', 'hybrid', 'shadow', 'auto'])
      .optional()
      .describe('who is heard at decision points'),
    budget: Budget.optional(),
    mcpServers: ServersLeft,
    priority: z.int().min(0).max(3).optional().describe('0 is most urgent'),
    requestId: RequestKey,
  }),
  output: Accepted,
  route: 'POST /v1/runs',
  roles: ['submitter'],
  effect: 'changes',
  run: async ({ api, dashboardUrl }, given, call) => {
    const { workflow, input, labels, mode, budget, mcpServers, priority, requestId } = given;
    const answer = await api.post('/v1/runs', {
      body: {
        ...{ workflow, input, budget, priority, requestId },
        labels: labelsOf(labels, call.clientName),
        ...(mode === undefined ? {} : { decisions: { mode } }),
        ...(mcpServers === undefined ? {} : { agents: { mcpServers } }),
      },
      signal: call.signal,
    });
    const value = accepted(answer, dashboardUrl);
    const notice = value.notice === null ? '' : ` ${value.notice}`;
    return {
      value,
      text: `Run ${value.runId} of ${workflow} is accepted.${notice} Follow it with wait_run.`,
      page: `/runs/${value.runId}`,
    };
  },
});

const forkRun = toolOf({
  name: 'fork_run',
  title: 'Fork a run',
  description:
    'Starts a new run with the state that another had after one of its events (get_events has them), with other variables or another input where given. The other stays as it is.',
  input: z.strictObject({
    runId: RunId,
    at: z.int().positive().describe('the version of the last event that is taken over'),
    set: JsonObject.optional().describe('variables that the new run has otherwise'),
    input: Json.optional().describe('what the state is given that the new run goes on with'),
    labels: Labels.optional(),
    requestId: RequestKey,
  }),
  output: Accepted,
  route: 'POST /v1/runs/:id/fork',
  roles: ['submitter', 'operator'],
  effect: 'changes',
  run: async ({ api, dashboardUrl }, { runId, at, set, input, labels, requestId }, call) => {
    const answer = await api.post('/v1/runs/{id}/fork', {
      params: { path: { id: runId } },
      body: { at, set, input, labels: labelsOf(labels, call.clientName), requestId },
      signal: call.signal,
    });
    const value = accepted(answer, dashboardUrl);
    return {
      value,
      text: `Run ${value.runId} goes on from event ${at} of ${runId}.`,
      page: `/runs/${value.runId}`,
    };
  },
});

export const submittingTools: readonly Tool[] = [submitRun, forkRun];
