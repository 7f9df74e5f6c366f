import { type Command, Option } from 'commander';
import { parseTimeout } from './commands/watch-options.js';
import type { Context } from './context.js';
import { type ExitCode, UsageError } from './exit-codes.js';

/* What the definitions of all commands share. */

export type Action = (context: Context) => Promise<ExitCode>;

/** Runs a command in the format that was asked for. */
export type Run = (action: Action) => Promise<void>;

export const examples = (...lines: readonly string[]): string =>
  `\nExamples:\n${lines.map((line) => `  $ baton ${line}`).join('\n')}\n`;

/** For an option that may be given several times. */
export const collect = (word: string, before: readonly string[]): readonly string[] => [...before, word];

/** A whole number of at least 1. */
export function count(word: string): number {
  if (/^[1-9]\d{0,6}$/.test(word)) return Number(word);
  throw new UsageError(`--limit ${word} is not a number of at least 1.`, 'Give a whole number, such as --limit 50.');
}

/** The options of every command that follows a run. */
export const withWatchOptions = (command: Command): Command =>
  command
    .option('--exit-on-approval', 'end with exit code 8 as soon as the run waits for an approval')
    .addOption(
      new Option('--timeout <time>', 'end with exit code 7 after this time, such as 90s, 5m or 2h').argParser(
        parseTimeout,
      ),
    );
