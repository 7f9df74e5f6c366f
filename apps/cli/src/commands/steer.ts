import { type Json, RunAccepted } from '@baton/contracts';
import { type Context, gatewayOf } from '../context.js';
import { ExitCode, UsageError } from '../exit-codes.js';
import { writeLine, writeOne } from '../output.js';
import { parseLabels, readJson } from './run-input.js';
import { jsonOr, type Setting } from './set-input.js';
import type { WatchOptions } from './watch-options.js';
import { getRun, runPath, watchRun } from './watch-run.js';

/** Asks the gateway to change a run, and says what will happen. */
async function steer(context: Context, id: string, action: string, body: object, says: string): Promise<ExitCode> {
  const gateway = await gatewayOf(context);
  const { runId } = await getRun(gateway, id, context.interrupted);
  const path = `${runPath(runId)}/${action}`;
  const accepted = await gateway.post({ path, schema: RunAccepted, body, signal: context.interrupted });
  writeOne(context.io, context.format, accepted, () => [runId]);
  if (context.format === 'table') writeLine(context.io.err, `${says}: \`baton run watch ${runId}\`.`);
  return ExitCode.ok;
}

interface WithReason {
  readonly reason?: string;
}
const because = ({ reason }: WithReason): object => (reason === undefined ? {} : { reason });

export const cancelRun = (context: Context, id: string, options: WithReason): Promise<ExitCode> =>
  steer(context, id, 'cancel', because(options), 'The run will be cancelled');

export const pauseRun = (context: Context, id: string, options: WithReason): Promise<ExitCode> =>
  steer(context, id, 'pause', because(options), 'The run will pause; what is under way is finished');

export const resumeRun = (context: Context, id: string): Promise<ExitCode> =>
  steer(context, id, 'resume', {}, 'The run will go on');

export const retryRun = (context: Context, id: string, options: WithReason): Promise<ExitCode> =>
  steer(context, id, 'retry', because(options), 'The run will be taken up again');

/** @param word the signal's data as JSON, or `@FILE`; none is null */
export async function signalRun(
  context: Context,
  id: string,
  name: string,
  word: string | undefined,
): Promise<ExitCode> {
  const place = { workingDirectory: context.env.workingDirectory, readStdin: context.io.readStdin };
  const data = word === undefined ? {} : { data: (await readJson(word, 'the signal', place)).value };
  return steer(context, id, 'signals', { name, ...data }, 'The signal will be delivered');
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
  const accepted = await gateway.post({
    path: `${runPath(from)}/fork`,
    schema: RunAccepted,
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
async function changesOf(context: Context, { set = [], input }: ForkOptions): Promise<object> {
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
    ...(input === undefined ? {} : { input: (await readJson(input, '--input', place)).value }),
  };
}

function parseEvent(word: string): number {
  if (/^[1-9]\d{0,8}$/.test(word)) return Number(word);
  throw new UsageError(`--at ${word} is not the number of an event.`, 'Give a whole number from 1, such as --at 12.');
}
