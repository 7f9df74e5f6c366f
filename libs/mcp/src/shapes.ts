import { type Actor, isSettled, type Json, type RunSummary, ServerChoices } from '@baton/contracts';
import { z } from 'zod';

/* What tools give of runs: the little of it that a model acts on. The rest is behind the link, and in the resources. */

const MOST_TEXT = 2_000;

export const cutTo = (text: string, most = MOST_TEXT): string =>
  text.length <= most ? text : `${text.slice(0, most)} … [${text.length - most} characters more]`;

export const Url = z.string().describe('where a person sees it');

export const RunShown = z.object({
  runId: z.string(),
  workflow: z.string().describe('name@version'),
  title: z.string().nullable(),
  status: z.enum(['accepted', 'running', 'paused', 'succeeded', 'failed', 'cancelled']),
  isSettled: z
    .boolean()
    .describe(
      'it has ended, is paused, or waits for a person, a signal or an answer by a token: waiting longer helps nothing',
    ),
  events: z.int().describe('how many events it has: the version to look at, to fork after, or to wait on from'),
  phase: z.string().nullable(),
  step: z.int().nullable(),
  currentStates: z.array(z.string()),
  waitingFor: z.array(
    z.object({
      kind: z.string(),
      state: z.string(),
      id: z.string().nullable().describe('of an approval or a child run; the name of a signal'),
    }),
  ),
  rounds: z.record(z.string(), z.int()),
  error: z.string().nullable(),
  cause: z.string().nullable(),
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  submittedBy: z.string(),
  labels: z.record(z.string(), z.string()),
  costUsd: z.number().nullable(),
  tokens: z.int(),
  url: Url,
});
export type RunShown = z.infer<typeof RunShown>;

const MOST_WAITING = 20;

export const nameOf = ({ type, id }: Actor): string => `${type}:${id}`;

export function shownRun(run: RunSummary, dashboardUrl: string): RunShown {
  const { runId, workflow, workflowVersion, status, version, waitingFor, usage, cause } = run;
  const waits = waitingFor.slice(0, MOST_WAITING).map((each) => ({
    kind: each.kind,
    state: each.state,
    id: idOf(each),
  }));
  return {
    ...{ runId, status, events: version },
    workflow: `${workflow}@${workflowVersion}`,
    title: run.title,
    isSettled: isSettled(run),
    ...{ phase: run.phase, step: run.step, currentStates: run.currentStates, waitingFor: waits, rounds: run.rounds },
    error: run.error,
    cause: cause === null ? null : cutTo(cause),
    ...{ startedAt: run.startedAt, endedAt: run.endedAt, submittedBy: nameOf(run.submittedBy), labels: run.labels },
    costUsd: usage.costUsd,
    tokens: usage.inputTokens + usage.outputTokens,
    url: `${dashboardUrl}/runs/${runId}`,
  };
}

function idOf(each: RunSummary['waitingFor'][number]): string | null {
  if (each.kind === 'approval') return each.approvalId;
  if (each.kind === 'signal') return each.name;
  return each.kind === 'run' ? each.runId : null;
}

/** How a run stands, in a sentence or two, with what to do where somebody has to. */
export function sayRun(run: RunShown): string {
  const { runId, workflow, status, error, cause, currentStates, waitingFor } = run;
  const approvals = waitingFor.filter(({ kind }) => kind === 'approval');
  const signals = waitingFor.filter(({ kind }) => kind === 'signal');
  const tokens = waitingFor.filter(({ kind }) => kind === 'token');
  return [
    `Run ${runId} of ${workflow} is ${status}${currentStates.length === 0 ? '' : `, at ${currentStates.join(', ')}`}.`,
    ...(error === null ? [] : [`${error}: ${cause ?? ''}`]),
    ...approvals.map(({ id, state }) => `A person has to decide at ${state}: approval ${id}.`),
    ...signals.map(({ id, state }) => `${state} waits for the signal ${id}.`),
    ...tokens.map(({ state }) => `${state} waits for an answer by the token of its task.`),
  ].join(' ');
}

const MOST_JSON = 200_000;

/** A value as it is, or, where it is more than a conversation can hold, nothing of it but its size. */
export function bounded(
  value: Json,
  most = MOST_JSON,
): { readonly value: Json; readonly leftOutCharacters: number | null } {
  const { length } = JSON.stringify(value);
  return length <= most ? { value, leftOutCharacters: null } : { value: null, leftOutCharacters: length };
}

export const LeftOut = z.int().nullable().describe('how many characters were too many to give; null where all is here');

/* What many tools take. */
export const RunId = z.string().min(1).max(64).describe('the id of a run, or a beginning of it that is unique');
export const RequestKey = z
  .string()
  .min(1)
  .max(200)
  .optional()
  .describe('an id of your own for this request: sent again with it, the request counts once');

export const Budget = z.strictObject({
  usd: z.number().positive().optional(),
  tokens: z.int().positive().optional(),
  wallClock: z.string().optional().describe('such as PT2H'),
});

export const ServersLeft = ServerChoices.optional().describe(
  'the tools of servers outside that its agents may use, as server or server:tool each; [] for none; left out: all that operators allow',
);

export const Accepted = z.object({
  runId: z.string(),
  requestId: z.string(),
  notice: z.string().nullable(),
  url: Url,
});

/** The answer to whatever is stored and carried out after that. */
export const accepted = (
  {
    runId,
    requestId,
    notice,
  }: { readonly runId: string; readonly requestId: string; readonly notice?: string | undefined },
  dashboardUrl: string,
): z.infer<typeof Accepted> => ({ runId, requestId, notice: notice ?? null, url: `${dashboardUrl}/runs/${runId}` });

/** How agents of Baton call themselves where they use servers. */
const OWN_AGENTS = 'baton-agent';

/** Whether it is an agent of Baton that asks, by its own word: a model at work on a run. */
export const isOwnAgent = (clientName: string | null): boolean => clientName?.startsWith(OWN_AGENTS) ?? false;

/** On record with what was asked for by a client that says who it is. */
export const onRecord = (text: string | undefined, clientName: string | null): string | undefined => {
  if (clientName === null) return text;
  const by = `(by ${clientName}, over MCP)`;
  return text === undefined || text.trim() === '' ? by : `${text} ${by}`;
};
