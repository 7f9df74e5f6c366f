import { BatonError, toError } from '@baton/contracts';
import { CommanderError } from 'commander';
import type { Context } from './context.js';
import { ExitCode, exitCodeOf, Interrupted, UsageError } from './exit-codes.js';
import type { Format, Io } from './output.js';
import { writeProblem } from './problems.js';
import { buildProgram } from './program.js';
import { suggestion } from './suggestion.js';
import { printable } from './table.js';

/** What one call of the command needs from its process. */
export interface CliPorts {
  readonly args: readonly string[];
  readonly io: Io;
  readonly version: string;
  readonly interrupted: AbortSignal;
  /** Everything of the context but the format, which the command line says. Throws UsageError for a wrong variable. */
  context(): Omit<Context, 'format'>;
}

const FORMATS: readonly string[] = ['table', 'json', 'jsonl'];
const isFormat = (word: string | undefined): word is Format => word !== undefined && FORMATS.includes(word);

/** The format that was asked for, also on a command line that is wrong elsewhere. */
export function formatOf(args: readonly string[]): Format {
  for (const [index, arg] of args.entries()) {
    const word =
      /^(?:--output=|-o=?)(.+)$/.exec(arg)?.[1] ?? (/^(-o|--output)$/.test(arg) ? args[index + 1] : undefined);
    if (isFormat(word)) return word;
  }
  return 'table';
}

/** Commander's own complaint in our form; null where it only means that help or the version was shown. */
function usageErrorOf(error: CommanderError): UsageError | null {
  if (error.exitCode === 0) return null;
  if (error.code === 'commander.help') return new UsageError('A command is missing.', 'See `baton --help`.');
  const choice = choiceErrorOf(error);
  if (choice !== null) return choice;
  const text = error.message
    .replace(/^error: /, '')
    .replaceAll('\n', ' ')
    .trim();
  const sentence = text.charAt(0).toUpperCase() + text.slice(1);
  return new UsageError(
    /[.?!)]$/.test(sentence) ? sentence : `${sentence}.`,
    'See `baton --help`, or --help of the command.',
    error,
  );
}

/** A word that is not of a closed list, told as all others are. */
function choiceErrorOf(error: CommanderError): UsageError | null {
  const wrong =
    /^error: (option '(.+)' argument|command-argument value) '(.*)' is invalid.* Allowed choices are (.+)\.$/s;
  const [, , option, word = '', choices] = wrong.exec(error.message) ?? [];
  if (choices === undefined) return null;
  const what = option === undefined ? '' : `${/--[a-z-]+/.exec(option)?.[0] ?? option} `;
  return new UsageError(
    `There is no ${what}${printable(word)}.`,
    suggestion(word, choices.split(', '), 'words'),
    error,
  );
}

/** What was thrown, as an error to tell; null where there is nothing to tell. */
function ownErrorOf(thrown: unknown, interrupted: AbortSignal): Error | null {
  if (thrown instanceof CommanderError) return usageErrorOf(thrown);
  // Whatever was waited for when Ctrl-C came breaks off with an error of its own kind.
  if (interrupted.aborted && !(thrown instanceof BatonError))
    return new Interrupted('Interrupted.', 'Try again when you like.');
  return toError(thrown);
}

/** Runs one command line to its exit code. Everything that can go wrong is told on stderr; this never rejects. */
export async function runCli(ports: CliPorts): Promise<ExitCode> {
  const { args, io, version } = ports;
  let exitCode: ExitCode = ExitCode.ok;
  let isDebug = false;
  const program = buildProgram({
    io,
    version,
    run: async (format, action) => {
      const context = { ...ports.context(), format };
      isDebug = context.env.BATON_LOG === 'debug' || context.env.BATON_LOG === 'trace';
      exitCode = await action(context);
    },
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (thrown) {
    const error = ownErrorOf(thrown, ports.interrupted);
    if (error === null) return ExitCode.ok;
    writeProblem(io, formatOf(args), error, isDebug);
    return exitCodeOf(error);
  }
}
