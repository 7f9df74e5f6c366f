import { randomUUID } from 'node:crypto';
import { relative } from 'node:path';
import { followEvents, persistently } from '@baton/client';
import { type JsonObject, type RunResult, type RunView, type Verification } from '@baton/contracts';
import { type SandboxChoice, SandboxSetting } from '@baton/sandbox';
import { asCalled } from '../call-name.js';
import { ApprovalWait } from '../commands/approval-wait.js';
import { verifyLog } from '../commands/audit/verify.js';
import { runFacts } from '../commands/run-options.js';
import { withSettings } from '../commands/set-input.js';
import { exitOf, getResult, getRunSince } from '../commands/watch-run.js';
import { inputWith, readWorkspace, uploadWorkspace } from '../commands/workspace/submit-workspace.js';
import type { Context } from '../context.js';
import { checkPaths, deliverableOf } from '../deliverable.js';
import { chooseSandbox } from '../doctor/sandbox-check.js';
import { withoutOwnDatabase } from '../env-file.js';
import type { Environment } from '../environment.js';
import { type ExitCode, Interrupted, UsageError, VerificationMismatch } from '../exit-codes.js';
import { type Gateway, openGateway } from '../gateway/gateway.js';
import { checkOutDirectory, writeOutDirectory } from '../out-directory.js';
import { withWrite, writeLine } from '../output.js';
import { createReporter, type Reporter } from '../progress/reporter.js';
import { describeModels, modelsOf } from '../up/model-mode.js';
import { usualServices } from '../up/services.js';
import { type Stack, startStack } from '../up/stack.js';
import { type DemoOptions, outDirOf, readDemoInput } from './demo-options.js';
import { demoResult, reportLines, type Written } from './demo-result.js';
import { type DemoWorkspace, writeDemoWorkspace } from './demo-workspace.js';
import { sayYes } from './say-yes.js';

interface Seen {
  readonly run: RunView;
  readonly verification: Verification;
  readonly written: Written | null;
}

/** Writes the files of the output, or the output itself where it has none. */
async function writeDeliverable(context: Context, result: RunResult, outDir: string): Promise<Written> {
  const deliverable = deliverableOf(result.output);
  const output = { path: 'output.json', content: `${JSON.stringify(result.output, null, 2)}\n` };
  const files = deliverable?.files ?? [output];
  checkPaths(files);
  await writeOutDirectory(outDir, files, { home: context.env.home, force: false });
  return { outDir, files: files.map(({ path }) => path).sort(), testCommand: deliverable?.testCommand ?? null };
}

/** From the submission to the verified log, through whatever happens to the services: the supervisor brings them back. */
async function play(
  context: Context,
  gateway: Gateway,
  plan: {
    readonly workflow: string;
    readonly input: JsonObject;
    readonly context: Context;
    readonly options: DemoOptions;
    readonly out: (runId: string) => string;
    readonly workspace: DemoWorkspace | null;
  },
  options: { readonly reporter: Reporter; readonly signal: AbortSignal },
): Promise<Seen> {
  const { reporter, signal } = options;
  const onLost = (): void => reporter.notice('the gateway is away; it comes back');
  const patience = { signal, patienceMs: Number.POSITIVE_INFINITY, onLost };
  const { workflow } = plan;
  const input = await persistently(patience, () =>
    withSettings(gateway, workflow, plan.input, plan.options.set ?? [], signal),
  );
  const { workspace } = plan;
  const given =
    workspace === null
      ? {}
      : {
          workspace: await persistently(patience, () =>
            uploadWorkspace(context, gateway, workspace.snapshot, workspace.folder),
          ),
        };
  const body = { ...runFacts(plan.options), workflow, input: inputWith(input, given), requestId: randomUUID() };
  const { runId } = await persistently(patience, () => gateway.post('/v1/runs', { body, signal }));
  const approvals = toldBy(reporter, plan.context, runId);
  let version = 0;
  for await (const event of followEvents(gateway, { ...patience, runId, after: 0 })) {
    reporter.notice(null);
    reporter.take(event);
    if (plan.options.approve === true) await sayYes(gateway, event, { reporter, patience });
    else approvals.take(event);
    version = event.version;
  }
  approvals.stop();
  const run = await persistently(patience, () => getRunSince(gateway, runId, version, signal));
  const result = await persistently(patience, () => getResult(gateway, runId, signal));
  const verification = await persistently(patience, () => verifyLog(gateway, signal));
  const outDir = plan.out(runId);
  if (workspace !== null) {
    const written = await writeDemoWorkspace(context, gateway, workspace, { run, result, outDir });
    // A workflow that only reads the workspace hands out what it made by itself.
    if (written !== null || run.status !== 'succeeded') return { run, verification, written };
  }
  const isDone = run.status === 'succeeded';
  const written = isDone ? await writeDeliverable(context, result, outDir) : null;
  return { run, verification, written };
}

/** The run waits until a person has answered, however long that is: how, is said once, above the run. */
function toldBy(reporter: Reporter, context: Context, runId: string): ApprovalWait {
  const { io } = context;
  const err = withWrite(io.err, (text) => reporter.say(text.trimEnd()));
  return new ApprovalWait({ ...context, io: { ...io, out: { ...io.out, isTerminal: false }, err } }, runId, {
    since: 0,
  });
}

/** What keeps seven-step from passing here is said before anything is paid, not after it. */
export async function unrunNotice(
  env: Pick<Environment, 'all'>,
  { workflow, input }: { readonly workflow: string; readonly input: JsonObject },
  choose: () => Promise<Pick<SandboxChoice, 'executes' | 'summary' | 'next'>>,
): Promise<string | null> {
  if (modelsOf(env).programmer === 'offline' || !/^seven-step(@|$)/.test(workflow)) return null;
  const { executes, summary, next } = await choose();
  if (executes === 'anything') return null;
  const then = input.escalation === 'fail' ? 'the run will end and say so' : 'the run will ask a person';
  return `tests that a model writes will not be executed, and what was not run did not pass: ${then}. ${summary}. ${next ?? ''}`.trim();
}

/** What the validator does not know stops its start, so here it need not be told. */
const chosenSandbox = (env: Environment) => () =>
  chooseSandbox(SandboxSetting.optional().catch(undefined).parse(env.BATON_SANDBOX), env.home);

/** The shorter of the two ways to name a folder. */
function shown(outDir: string, workingDirectory: string): string {
  const path = relative(workingDirectory, outDir);
  if (path === '') return '.';
  return path.length < outDir.length ? path : outDir;
}

function tellEnd({ env, io }: Context, isJson: boolean, seen: Seen, reporter: Reporter): void {
  const { written } = seen;
  // Where no model has answered, the reader still wants to know which one was asked.
  const models = seen.run.models.length > 0 ? seen.run.models : [...new Set(Object.values(modelsOf(env)))];
  const report = { ...seen, run: { ...seen.run, models }, progress: reporter.progress };
  if (isJson) {
    writeLine(io.out, JSON.stringify(demoResult(report), null, 2));
    return;
  }
  const outDirShown = written === null ? null : shown(written.outDir, env.workingDirectory);
  for (const line of reportLines(report, outDirShown)) writeLine(io.out, asCalled(line, io.callName));
}

/**
 * The whole of Baton once, on real input: start, submit, follow, write the deliverable, verify the log, stop. Whatever
 * happens, everything is stopped at the end.
 */
export async function demo(context: Context, options: DemoOptions): Promise<ExitCode> {
  const { io } = context;
  const env = await withoutOwnDatabase(context.env);
  const { about, ...submission } = await readDemoInput(context, options);
  const out = (runId: string): string => outDirOf(options, env.workingDirectory, submission.workflow, runId);
  // A folder that cannot be used is told before the work, not after it.
  if (options.out !== undefined) await checkOutDirectory(out(''), { home: env.home, force: false });

  const workspace = await readDemoWorkspace(context, options);

  let tell = (line: string): void => writeLine(io.err, line);
  tell(`Baton demo: ${about} through ${submission.workflow}`);
  tell(`model: ${describeModels(env)}`);
  const unrun = await unrunNotice(env, submission, chosenSandbox(env));
  if (unrun !== null) tell(unrun);
  const stack = await startStack({
    env,
    // No workflow of the demo asks a host.
    services: usualServices({}),
    port: env.BATON_PORT ?? 0,
    onNews: (line) => tell(line),
    onJsonLine: null,
    interrupted: context.interrupted,
    hurried: context.hurried,
    nowMs: context.nowMs,
  });
  tell(`ready at ${stack.url}`);
  const reporter = createReporter(io.err, context);
  tell = reporter.say;
  const over = new AbortController();
  const signal = AbortSignal.any([context.interrupted, over.signal]);
  const gateway = openGateway({ url: stack.url ?? '', token: stack.token });
  let seen: Seen;
  try {
    const plan = { ...submission, context, options, out, workspace };
    seen = await Promise.race([play(context, gateway, plan, { reporter, signal }), rejection(stack)]);
  } catch (thrown) {
    throw context.interrupted.aborted ? interrupted() : thrown;
  } finally {
    over.abort();
    reporter.stop();
    tell = (line) => writeLine(io.err, line);
    tell('stopping');
    await stack.stop();
  }
  tellEnd(context, options.json === true || context.format !== 'table', seen, reporter);
  const { run } = seen;
  const exitCode = exitOf(
    run,
    `See every event with \`npm start\` and then \`baton run events ${run.runId.slice(0, 8)}\`.`,
  );
  if (!seen.verification.verified) throw new VerificationMismatch(seen.verification.problem ?? 'no reason was given.');
  return exitCode;
}

async function readDemoWorkspace(
  context: Context,
  { workspace: folder, ref }: DemoOptions,
): Promise<DemoWorkspace | null> {
  if (folder !== undefined) return { folder, snapshot: await readWorkspace(context, folder, ref) };
  if (ref === undefined) return null;
  throw new UsageError('--ref has no meaning without --workspace.', 'Give --workspace DIR, too.');
}

const rejection = (stack: Stack): Promise<never> =>
  stack.failed.then((error) => {
    throw error;
  });

const interrupted = (): Interrupted =>
  new Interrupted('The demo was interrupted; everything is stopped.', 'Its run goes on with the next `npm start`.');
