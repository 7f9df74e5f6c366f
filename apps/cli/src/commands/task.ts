import { Json, type RunAccepted } from '@baton/contracts';
import { type Context, gatewayOf } from '../context.js';
import { ExitCode } from '../exit-codes.js';
import { writeLine, writeOne } from '../output.js';
import { readJson } from './run-input.js';

/** Arguments of programs can be seen by others on the machine: `-` takes the token from the standard input. */
const tokenOf = async ({ io }: Context, word: string): Promise<string> =>
  word === '-' ? (await io.readStdin()).toString('utf8').trim() : word;

export async function succeedTask(context: Context, word: string, output: string | undefined): Promise<ExitCode> {
  const place = { workingDirectory: context.env.workingDirectory, readStdin: context.io.readStdin };
  const given = output === undefined ? {} : { output: Json.parse((await readJson(output, 'the output', place)).value) };
  const body = { token: await tokenOf(context, word), ...given };
  const gateway = await gatewayOf(context);
  return told(context, await gateway.post('/v1/task-tokens/success', { body, signal: context.interrupted }));
}

export async function failTask(
  context: Context,
  word: string,
  said: { readonly error?: string; readonly cause?: string },
): Promise<ExitCode> {
  const { error, cause } = said;
  const body = {
    token: await tokenOf(context, word),
    ...(error === undefined ? {} : { error }),
    ...(cause === undefined ? {} : { cause }),
  };
  const gateway = await gatewayOf(context);
  return told(context, await gateway.post('/v1/task-tokens/failure', { body, signal: context.interrupted }));
}

export async function taskGoesOn(context: Context, word: string): Promise<ExitCode> {
  const body = { token: await tokenOf(context, word) };
  await (await gatewayOf(context)).post('/v1/task-tokens/heartbeat', { body, signal: context.interrupted });
  writeLine(context.io.err, 'Its time of silence counts from now.');
  return ExitCode.ok;
}

function told(context: Context, accepted: RunAccepted): ExitCode {
  const { runId } = accepted;
  writeOne(context.io, context.format, accepted, () => [runId]);
  if (context.format === 'table') writeLine(context.io.err, `Accepted. See its run with \`baton run get ${runId}\`.`);
  return ExitCode.ok;
}
