import { setTimeout as sleep } from 'node:timers/promises';
import { followEvents } from '@baton/client';
import { BatonErrorName, type EventView, Json, type RunDetail, type RunResult, type RunView } from '@baton/contracts';
import { z } from 'zod';
import type { Context } from '../context.js';
import { deliverableOf, workspaceOf } from '../deliverable.js';
import { ExitCode, Interrupted, RunEnded } from '../exit-codes.js';
import type { Gateway } from '../gateway/gateway.js';
import { writeLine } from '../output.js';
import { createReporter, type Reporter } from '../progress/reporter.js';
import { ApprovalWait } from './approval-wait.js';
import { runExpectationText } from './expectation-words.js';
import { expectedOfRun } from './expectations.js';
import { shortId } from './run-shapes.js';
import type { WatchOptions } from './watch-options.js';
import { watchWorkerNews } from './worker-news.js';

/** The run by its id or the unique beginning of it. */
export const getRun = (gateway: Gateway, id: string, signal: AbortSignal): Promise<RunDetail> =>
  gateway.get('/v1/runs/{id}', { params: { path: { id } }, signal });

/** What a run came to. An output may be large. */
export const getResult = (gateway: Gateway, id: string, signal: AbortSignal, personal?: 'open'): Promise<RunResult> =>
  gateway.get('/v1/runs/{id}/result', {
    params: { path: { id }, query: { personal } },
    signal,
    timeoutMs: 120_000,
  });

const VIEW_LAG_MS = 15_000;
const VIEW_POLL_MS = 50;

/** The run as of event `version` or later: views are folded behind the log, and the live events come from the log itself. */
export async function getRunSince(
  gateway: Gateway,
  runId: string,
  version: number,
  signal: AbortSignal,
): Promise<RunDetail> {
  const end = performance.now() + VIEW_LAG_MS;
  for (;;) {
    const run = await getRun(gateway, runId, signal);
    if (run.version >= version || performance.now() > end) return run;
    await sleep(VIEW_POLL_MS, undefined, { signal });
  }
}

const PATIENCE_MS = 60_000;

const silent: Reporter = { take() {}, notice() {}, say() {}, progress: null, stop() {} };

/** People get the progress, `jsonl` the events as they are, `json` the run once it has ended. */
function reporterFor(context: Context): Reporter {
  if (context.format === 'table') return createReporter(context.io.out, context);
  if (context.format === 'json') return silent;
  return { ...silent, take: (event) => writeLine(context.io.out, JSON.stringify(event)) };
}

/**
 * Follows the run to its end. Leaving it with Ctrl-C does nothing to the run.
 *
 * @param seen the version of the run that is known; what came before is told, and nobody is asked to act on it
 * @throws RunEnded, Interrupted, or StillWaiting when the watch ended before the run
 */
export async function watchRun(
  context: Context,
  gateway: Gateway,
  run: { readonly runId: string; readonly seen?: number },
  options: WatchOptions = {},
): Promise<ExitCode> {
  const { runId, seen = 0 } = run;
  const reporter = reporterFor(context);
  const approvals = new ApprovalWait(context, runId, { ...options, since: seen });
  const signal = AbortSignal.any([context.interrupted, approvals.signal]);
  const onLost = (): void => reporter.notice('The gateway does not answer; waiting for it.');
  const followed = new AbortController();
  if (context.format === 'table') {
    const news = {
      missing: (text: string | null): void =>
        context.io.out.isTerminal || text === null ? reporter.notice(text) : reporter.say(text),
      lost: (text: string): void => reporter.say(text),
    };
    const until = AbortSignal.any([signal, followed.signal]);
    void sayExpectation(gateway, runId, reporter, until);
    void watchWorkerNews(() => getRun(gateway, runId, until), news, until);
  }
  let version = 0;
  let isOnWorkspace = false;
  let hasFiles = true;
  try {
    for await (const event of followEvents(gateway, { runId, after: 0, signal, patienceMs: PATIENCE_MS, onLost })) {
      reporter.take(event);
      isOnWorkspace ||= beginsOnWorkspace(event);
      hasFiles &&= !endsWithoutFiles(event);
      const asked = approvals.take(event);
      reporter.notice(context.io.out.isTerminal ? asked : null);
      version = event.version;
    }
  } finally {
    followed.abort();
    approvals.stop();
    reporter.stop();
  }
  if (context.interrupted.aborted) throw detached(runId);
  const view = await getRunSince(gateway, runId, version, context.interrupted);
  if (context.format === 'json') writeLine(context.io.out, JSON.stringify(view, null, 2));
  if (view.endedAt === null && approvals.signal.aborted) throw approvals.reason();
  const exitCode = exitOf(view);
  if (context.format === 'table') {
    const result = `baton run result ${shortId(runId)}`;
    const others = isOnWorkspace ? '--branch NAME`, --patch or `--out DIR`' : '--out DIR`';
    const files = hasFiles ? `, or write its files with \`${result} ${others}` : '';
    writeLine(context.io.err, `Print its output with \`${result}\`${files}.`);
  }
  return exitCode;
}

/** Once, where something is known. */
async function sayExpectation(gateway: Gateway, runId: string, reporter: Reporter, until: AbortSignal): Promise<void> {
  const found = await expectedOfRun(gateway, runId, until);
  if (found?.now?.status !== 'known' || until.aborted) return;
  reporter.say(`Expected: ${runExpectationText(found)}.`);
}

const Begun = z.object({ input: z.object({ workspace: z.object({ tree: z.string() }) }) });

const beginsOnWorkspace = ({ type, data }: EventView): boolean =>
  type === 'RunStarted' && Begun.safeParse(data).success;

const Succeeded = z.object({ output: Json });

/** A run that failed may have files, too: those that its last task handed out. */
function endsWithoutFiles({ type, data }: EventView): boolean {
  const ended = type === 'RunSucceeded' ? Succeeded.safeParse(data) : null;
  if (ended?.success !== true) return false;
  return deliverableOf(ended.data.output) === null && workspaceOf(ended.data.output) === null;
}

const detached = (runId: string): Interrupted =>
  new Interrupted(
    `Detached; run ${runId} goes on.`,
    `Come back with \`baton run watch ${runId}\`, or end it with \`baton run cancel ${runId}\`.`,
  );

/** Throws RunEnded, which says why, unless the run succeeded. `next` is what the reader can do then. */
export function exitOf(
  run: Pick<RunView, 'runId' | 'status' | 'error' | 'cause'>,
  next = `See every event with \`baton run events ${run.runId}\`.`,
): ExitCode {
  if (run.status !== 'failed' && run.status !== 'cancelled') return ExitCode.ok;
  const why = run.status === 'cancelled' ? run.cause : [run.error, run.cause].filter((part) => part).join(': ');
  const what = `Run ${run.runId} ${run.status === 'failed' ? 'failed' : 'was cancelled'}`;
  // A person said no: for a script that is another end than a failure.
  const how = run.error === BatonErrorName.rejected ? 'rejected' : run.status;
  throw new RunEnded(how, why ? `${what}: ${why}` : `${what}.`, next);
}
