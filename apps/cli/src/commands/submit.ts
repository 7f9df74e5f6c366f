import { explainIssues, type Json, type RunAgents, SubmitRunBody, type WorkspaceInput } from '@baton/contracts';
import { z } from 'zod';
import { type Context, gatewayOf } from '../context.js';
import { ExitCode, UsageError } from '../exit-codes.js';
import type { Gateway } from '../gateway/gateway.js';
import { writeLine, writeOne } from '../output.js';
import { expectedOfSubmission } from './expectations.js';
import { submissionWords, submittedWith } from './run-again.js';
import { DEFAULT_WORKFLOW, readRunInput } from './run-input.js';
import { runFacts } from './run-options.js';
import { withoutLists, withSettings } from './set-input.js';
import type { SubmitOptions } from './submit-options.js';
import { watchRun } from './watch-run.js';
import { lineageName } from './workspace/lineages.js';
import { type ReadFolder, sharedWorkspace } from './workspace/shared-workspace.js';
import { inputWith, readWorkspace, uploadWorkspace } from './workspace/submit-workspace.js';

/** The body of a submission; throws UsageError for what the server would refuse anyway. */
function checked(submission: object): SubmitRunBody {
  const parsed = SubmitRunBody.safeParse(submission);
  if (parsed.success) return parsed.data;
  const [wrong] = explainIssues(parsed.error, submission, SubmitRunBody);
  throw new UsageError(
    `The submission cannot be taken: ${wrong?.path.map(String).join('.') ?? 'it'} ${wrong?.detail.replace(/^expected/, 'must be') ?? 'has another form'}.`,
    'Correct it, and try again.',
  );
}

const idOf = ({ requestId }: SubmitOptions): { readonly requestId?: string } =>
  requestId === undefined ? {} : { requestId };

async function submissionOf(context: Context, options: SubmitOptions): Promise<SubmitRunBody> {
  const { workflow = DEFAULT_WORKFLOW } = options;
  const input = await readRunInput({ ...options, workflow }, placeOf(context));
  return checked({ workflow, input, ...runFacts(options), ...idOf(options) });
}

/** The model that is said, or the one before; and the variants that are said beside those of before. */
function agentsLike(before: RunAgents | undefined, now: RunAgents | undefined): { readonly agents?: RunAgents } {
  if (before === undefined || now === undefined) return {};
  const templates = { ...before.templates, ...now.templates };
  return { agents: { ...before, ...now, ...(Object.keys(templates).length === 0 ? {} : { templates }) } };
}

const placeOf = (context: Context) => ({
  workingDirectory: context.env.workingDirectory,
  readStdin: context.io.readStdin,
});

/**
 * What another run was submitted with, but for what is said: labels, budgets and settings one by one, requirements as the
 * member that they are, an input as a whole.
 */
async function submissionLike(
  context: Context,
  gateway: Gateway,
  id: string,
  options: SubmitOptions,
): Promise<SubmitRunBody> {
  const { workflow, set = [] } = options;
  const isGiven = options.input !== undefined || options.requirements !== undefined;
  const own = isGiven ? await readRunInput({ ...options, workflow: '' }, placeOf(context)) : {};
  const facts = runFacts(options);
  const { runId, submission } = await submittedWith(gateway, id, context.interrupted);
  const before = options.input === undefined ? { ...submission.input, ...own } : own;
  const like = checked({
    ...submission,
    ...facts,
    ...(workflow === undefined ? {} : { workflow }),
    input: withoutLists(before, set),
    labels: { ...submission.labels, ...facts.labels },
    budget: { ...submission.budget, ...facts.budget },
    ...agentsLike(submission.agents, facts.agents),
    ...(submission.by === undefined ? {} : { by: { ...submission.by, ...facts.by } }),
    ...idOf(options),
  });
  if (context.format === 'table') {
    const but = workflow === undefined ? '' : `, but ${like.workflow} instead of ${submission.workflow}`;
    writeLine(context.io.err, `As run ${runId}${but}: ${submissionWords(like)}.`);
  }
  return like;
}

export async function submitRun(context: Context, options: SubmitOptions): Promise<ExitCode> {
  if (options.goal !== undefined) return (await import('./submit-goal.js')).submitGoal(context, options);
  refuseForGoalsAlone(options);
  const { again, set = [], workspace: folder, ref, shared } = options;
  if (shared !== undefined) lineageName(shared);
  if (ref !== undefined && folder === undefined) {
    throw new UsageError('--ref has no meaning without --workspace.', 'Give --workspace DIR, too.');
  }
  const own = again === undefined ? await submissionOf(context, options) : null;
  const snapshot = folder === undefined ? null : await readWorkspace(context, folder, ref);
  const gateway = await gatewayOf(context);
  const submission = own ?? (await submissionLike(context, gateway, again ?? '', options));
  const input = await withSettings(gateway, submission.workflow, submission.input, set, context.interrupted);
  const read = snapshot === null ? null : { snapshot, folder: folder ?? '' };
  const lineage = shared ?? lineageToFill(input.workspace, read);
  const body = { ...submission, input: inputWith(input, await workspaceOf(context, gateway, lineage, read)) };
  await sayExpected(context, gateway, body, options);
  const accepted = await gateway.post('/v1/runs', { body, signal: context.interrupted });
  const { runId, notice } = accepted;
  if (notice !== undefined && context.format === 'table') writeLine(context.io.err, notice);
  if (options.watch === true) {
    if (context.format === 'table') writeLine(context.io.err, `Run ${runId} is accepted.`);
    return watchRun(context, gateway, { runId }, options);
  }
  writeOne(context.io, context.format, accepted, () => [runId]);
  if (context.format === 'table') writeLine(context.io.err, `Accepted. Follow it with \`baton run watch ${runId}\`.`);
  return ExitCode.ok;
}

/** Before it is submitted: what such runs have taken. A watch says it of the run itself. */
async function sayExpected(
  context: Context,
  gateway: Gateway,
  body: SubmitRunBody,
  { watch = false }: SubmitOptions,
): Promise<void> {
  if (watch || context.format !== 'table') return;
  const expected = await expectedOfSubmission(gateway, body, context.interrupted);
  if (expected !== null) writeLine(context.io.err, `Such a run ${expected}.`);
}

/** The lineage that an input names without saying what of it, or for which a folder was given. */
function lineageToFill(workspace: Json | undefined, read: ReadFolder | null): string | undefined {
  const parsed = z.object({ lineage: z.string(), tree: z.string().optional() }).safeParse(workspace);
  if (!parsed.success || (parsed.data.tree !== undefined && read === null)) return undefined;
  return lineageName(parsed.data.lineage);
}

/** What the input says of the workspace; nothing where the run has none. */
async function workspaceOf(
  context: Context,
  gateway: Gateway,
  shared: string | undefined,
  read: ReadFolder | null,
): Promise<{ readonly workspace?: WorkspaceInput; readonly workspaceType?: 'shared' }> {
  if (shared !== undefined) {
    return { workspaceType: 'shared', workspace: await sharedWorkspace(context, gateway, shared, read) };
  }
  return read === null ? {} : { workspace: await uploadWorkspace(context, gateway, read.snapshot, read.folder) };
}

function refuseForGoalsAlone({ yes, anotherApproves }: SubmitOptions): void {
  const [name] = [...(yes === true ? ['yes'] : []), ...(anotherApproves === true ? ['another-approves'] : [])];
  if (name !== undefined) throw new UsageError(`--${name} has no meaning without --goal.`, 'Give --goal TEXT, too.');
}
