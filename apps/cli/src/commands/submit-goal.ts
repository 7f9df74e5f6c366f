import { setTimeout as sleep } from 'node:timers/promises';
import { explainIssues, GoalEstimate, JsonObject, SubmitGoal } from '@baton/contracts';
import { z } from 'zod';
import { type Context, gatewayOf } from '../context.js';
import { ExitCode, StillWaiting, UsageError } from '../exit-codes.js';
import type { Gateway } from '../gateway/gateway.js';
import { writeLine, writeOne } from '../output.js';
import { formatTable } from '../table.js';
import { composedSteps } from './composed-steps.js';
import { readRunInput } from './run-input.js';
import { runFacts } from './run-options.js';
import { shortApproval } from './run-shapes.js';
import type { SubmitOptions } from './submit-options.js';
import { exitOf, getRun, watchRun } from './watch-run.js';

/** How often it is looked whether it is composed. */
const LOOK_EVERY_MS = 300;

const NOT_WITH_A_GOAL = ['workflow', 'again', 'workspace', 'ref', 'shared', 'mode', 'by', 'set'] as const;

/** `run submit --goal`: shows what was composed, what it is expected to cost, and how to approve it. */
export async function submitGoal(context: Context, options: SubmitOptions): Promise<ExitCode> {
  const body = await bodyOf(context, options);
  const gateway = await gatewayOf(context);
  const accepted = await gateway.post('/v1/goals', { body, signal: context.interrupted });
  const { runId } = accepted;
  if (context.format !== 'table') {
    if (options.watch === true) return watchRun(context, gateway, { runId }, options);
    writeOne(context.io, context.format, accepted, () => [runId]);
    return ExitCode.ok;
  }
  if (options.watch !== true) writeLine(context.io.out, runId);
  writeLine(context.io.err, `Run ${runId} is accepted: it composes a workflow for the goal.`);
  await showComposed(context, gateway, runId, options);
  if (options.watch === true) return watchRun(context, gateway, { runId }, options);
  const run = await getRun(gateway, runId, context.interrupted);
  const approval = run.waitingFor.find(({ kind }) => kind === 'approval');
  if (approval?.kind === 'approval') {
    const id = shortApproval(approval.approvalId);
    throw new StillWaiting(
      'approval',
      `Run ${runId} waits for an approval of what was composed.`,
      `See all of it with \`baton approval show ${id}\`, and run it with \`baton approval approve ${id}\`.`,
    );
  }
  if (run.endedAt === null) writeLine(context.io.err, `Follow it with \`baton run watch ${runId}\`.`);
  return exitOf(run);
}

async function bodyOf(context: Context, options: SubmitOptions): Promise<SubmitGoal> {
  for (const name of NOT_WITH_A_GOAL) {
    const given = options[name];
    if (given === undefined || (Array.isArray(given) && given.length === 0)) continue;
    throw new UsageError(
      `--${name} has no meaning with --goal.`,
      'A goal takes --input, --requirements, --budget, --label, --priority, --model, --mcp-servers and --yes.',
    );
  }
  if (options.yes === true && options.anotherApproves === true) {
    throw new UsageError('--another-approves has no meaning with --yes.', 'Give one of them.');
  }
  const { goal, yes, anotherApproves, requestId, runFacts: facts } = { ...options, runFacts: runFacts(options) };
  const place = { workingDirectory: context.env.workingDirectory, readStdin: context.io.readStdin };
  const input = await readRunInput({ ...options, workflow: '' }, place);
  const body = {
    goal,
    ...(Object.keys(input).length === 0 ? {} : { input }),
    approval: yes === true ? 'given' : 'ask',
    ...(anotherApproves === true ? { policy: { excludeSubmitter: true } } : {}),
    ...facts,
    ...(requestId === undefined ? {} : { requestId }),
  };
  const parsed = SubmitGoal.safeParse(body);
  if (parsed.success) return parsed.data;
  const [wrong] = explainIssues(parsed.error, body, SubmitGoal);
  throw new UsageError(
    `The goal cannot be taken: ${wrong?.path.map(String).join('.') ?? 'it'} ${wrong?.detail ?? 'has another form'}.`,
    'Say in a sentence what is wanted, and put what it is about into --input.',
  );
}

/** What the check of a composition gave. */
const Checked = z.object({
  ok: z.literal(true),
  document: JsonObject,
  ref: z.string(),
  findings: z.array(z.object({ severity: z.string(), pointer: z.string(), message: z.string() })),
  cost: GoalEstimate,
});
const Succeeded = z.object({ output: Checked });

/** Waits until something is composed, or nothing can be, and shows it. */
async function showComposed(
  context: Context,
  gateway: Gateway,
  runId: string,
  { timeout }: SubmitOptions,
): Promise<void> {
  const until = timeout === undefined ? Number.POSITIVE_INFINITY : context.nowMs() + timeout;
  const { io, interrupted } = context;
  for (;;) {
    const run = await getRun(gateway, runId, interrupted);
    const isComposed = run.waitingFor.some(({ kind }) => kind === 'approval' || kind === 'run') || run.phase === 'run';
    if (isComposed || run.endedAt !== null) break;
    if (context.nowMs() > until) return;
    await sleep(LOOK_EVERY_MS, undefined, { signal: interrupted });
  }
  const { events } = await gateway.get('/v1/runs/{id}/events', {
    params: { path: { id: runId }, query: { limit: 200 } },
    signal: interrupted,
  });
  const last = events
    .flatMap(({ type, data }) => {
      const read = type === 'TaskSucceeded' ? Succeeded.safeParse(data) : null;
      return read?.success ? [read.data.output] : [];
    })
    .at(-1);
  if (last !== undefined) for (const line of composedLines(last, io.err.width)) writeLine(io.err, line);
}

function composedLines({ document, ref, findings, cost }: z.output<typeof Checked>, width: number): readonly string[] {
  const steps = composedSteps(document);
  const costs = new Map(cost.steps.map((step) => [step.step, step]));
  const isPlain = steps.every(({ how }) => how === '');
  const rows = steps.map(({ name, resource, how }) => {
    const each = costs.get(name);
    return [
      name,
      resource.replace(/^baton:/, ''),
      ...(isPlain ? [] : [how]),
      usd(each?.usd ?? null),
      usd(each?.mostUsd ?? null),
      each?.says ?? '',
    ];
  });
  return [
    '',
    `Composed: ${String(document.title)} (${ref})`,
    ...formatTable(['STEP', 'DONE BY', ...(isPlain ? [] : ['HOW']), 'COST', 'AT MOST', 'FROM'], rows, width),
    cost.usd === null && cost.mostUsd === null
      ? 'Estimated cost: not known.'
      : `Estimated cost: ${usd(cost.usd)}, at most ${usd(cost.mostUsd)}.`,
    ...findings.map(({ severity, pointer, message }) => `${severity} ${pointer}: ${message}`),
    '',
  ];
}

const usd = (value: number | null): string => (value === null ? 'not known' : `$${value.toFixed(4)}`);
