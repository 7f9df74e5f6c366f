import { Json, type JsonObject, type RunAccepted } from '@baton/contracts';
import { type Context, gatewayOf } from '../context.js';
import { ExitCode, UsageError } from '../exit-codes.js';
import type { Gateway } from '../gateway/gateway.js';
import { writeLine, writeOne } from '../output.js';
import { parseLabels, readJson } from './run-input.js';
import { jsonOr, type Setting } from './set-input.js';
import type { WatchOptions } from './watch-options.js';
import { getRun, watchRun } from './watch-run.js';

/** To which run a request goes. */
interface To {
  readonly params: { readonly path: { readonly id: string } };
  readonly signal: AbortSignal;
}

/** Asks the gateway to change a run, and says what will happen. */
async function steer(
  context: Context,
  id: string,
  says: string,
  ask: (gateway: Gateway, to: To) => Promise<RunAccepted>,
): Promise<ExitCode> {
  const gateway = await gatewayOf(context);
  const { runId } = await getRun(gateway, id, context.interrupted);
  const accepted = await ask(gateway, { params: { path: { id: runId } }, signal: context.interrupted });
  writeOne(context.io, context.format, accepted, () => [runId]);
  if (context.format === 'table') writeLine(context.io.err, `${says}: \`baton run watch ${runId}\`.`);
  return ExitCode.ok;
}

interface WithReason {
  readonly reason?: string;
}
const because = ({ reason }: WithReason): WithReason => (reason === undefined ? {} : { reason });

export const cancelRun = (context: Context, id: string, options: WithReason): Promise<ExitCode> =>
  steer(context, id, 'The run will be cancelled', (gateway, to) =>
    gateway.post('/v1/runs/{id}/cancel', { ...to, body: because(options) }),
  );

export const pauseRun = (context: Context, id: string, options: WithReason): Promise<ExitCode> =>
  steer(context, id, 'The run will pause; what is under way is finished', (gateway, to) =>
    gateway.post('/v1/runs/{id}/pause', { ...to, body: because(options) }),
  );

export const resumeRun = (context: Context, id: string): Promise<ExitCode> =>
  steer(context, id, 'The run will go on', (gateway, to) => gateway.post('/v1/runs/{id}/resume', { ...to, body: {} }));

export const retryRun = (context: Context, id: string, options: WithReason): Promise<ExitCode> =>
  steer(context, id, 'The run will be taken up again', (gateway, to) =>
    gateway.post('/v1/runs/{id}/retry', { ...to, body: because(options) }),
  );

export interface RateOptions {
  readonly score: string;
  readonly note?: string;
  readonly decision?: string;
  /** The name of a state. */
  readonly step?: string;
}

export function rateRun(context: Context, id: string, options: RateOptions): Promise<ExitCode> {
  const { score, note, decision, step } = options;
  if (!/^[1-5]$/.test(score))
    throw new UsageError(`--score ${score} is none.`, 'Give a number from 1 to 5; 5 is best.');
  if (decision !== undefined && step !== undefined) {
    throw new UsageError('--decision and --step exclude each other.', 'Give one of them, or none for the whole run.');
  }
  const body = {
    score: Number(score),
    ...(note === undefined ? {} : { note }),
    ...(decision === undefined ? {} : { decisionId: decision }),
    ...(step === undefined ? {} : { state: step }),
  };
  return steer(context, id, 'It will be in the log of the run', (gateway, to) =>
    gateway.post('/v1/runs/{id}/ratings', { ...to, body }),
  );
}

/** @param word the signal's data as JSON, or `@FILE`; none is null */
export async function signalRun(
  context: Context,
  id: string,
  name: string,
  word: string | undefined,
): Promise<ExitCode> {
  const place = { workingDirectory: context.env.workingDirectory, readStdin: context.io.readStdin };
  const data = word === undefined ? {} : { data: Json.parse((await readJson(word, 'the signal', place)).value) };
  return steer(context, id, 'The signal will be delivered', (gateway, to) =>
    gateway.post('/v1/runs/{id}/signals', { ...to, body: { name, ...data } }),
  );
}

export interface ForkOptions extends WatchOptions {
  readonly at: string;
  /** Variables, as settings are written. */
  readonly set?: readonly Setting[];
  /** JSON, or `@FILE`. */
  readonly input?: string;
  readonly label: readonly string[];
  readonly watch?: boolean;
}

export async function forkRun(context: Context, id: string, options: ForkOptions): Promise<ExitCode> {
  const at = parseEvent(options.at);
  const labels = parseLabels(options.label);
  const changes = await changesOf(context, options);
  const gateway = await gatewayOf(context);
  const { runId: from } = await getRun(gateway, id, context.interrupted);
  const accepted = await gateway.post('/v1/runs/{id}/fork', {
    params: { path: { id: from } },
    body: { at, ...(options.label.length === 0 ? {} : { labels }), ...changes },
    signal: context.interrupted,
  });
  const { runId } = accepted;
  if (options.watch === true) {
    if (context.format === 'table') writeLine(context.io.err, `Run ${runId} is forked from ${from}.`);
    return watchRun(context, gateway, { runId }, options);
  }
  writeOne(context.io, context.format, accepted, () => [runId]);
  if (context.format === 'table') {
    writeLine(context.io.err, `Run ${from} is forked. Follow it with \`baton run watch ${runId}\`.`);
  }
  return ExitCode.ok;
}

/** What the fork has otherwise. A value is JSON where it reads as that, else text. */
async function changesOf(
  context: Context,
  { set = [], input }: ForkOptions,
): Promise<{ readonly set?: JsonObject; readonly input?: Json }> {
  const place = { workingDirectory: context.env.workingDirectory, readStdin: context.io.readStdin };
  const variables: Record<string, Json> = {};
  for (const { path, text } of set) {
    const name = path.join('.');
    if (path.length > 1) {
      throw new UsageError(`--set ${name} names a part of a variable.`, `Give the whole of it: --set ${path[0]}=JSON.`);
    }
    if (Object.hasOwn(variables, name))
      throw new UsageError(`The variable ${name} is set twice.`, 'Set each one once.');
    variables[name] = jsonOr(text);
  }
  return {
    ...(set.length === 0 ? {} : { set: variables }),
    ...(input === undefined ? {} : { input: Json.parse((await readJson(input, '--input', place)).value) }),
  };
}

function parseEvent(word: string): number {
  if (/^[1-9]\d{0,8}$/.test(word)) return Number(word);
  throw new UsageError(`--at ${word} is not the number of an event.`, 'Give a whole number from 1, such as --at 12.');
}
