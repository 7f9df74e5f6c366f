import { type Command, Option } from 'commander';
import { parseBudget, parseBy, parseMode, parsePin, parsePriority, parseServers } from './commands/run-options.js';
import { parseSetting, type Setting } from './commands/set-input.js';
import { parseTimeout } from './commands/watch-options.js';
import type { Context } from './context.js';
import { type ExitCode, UsageError } from './exit-codes.js';
import { printable } from './table.js';

/* What the definitions of all commands share. */

export type Action = (context: Context) => Promise<ExitCode>;

/** Runs a command in the format that was asked for. */
export type Run = (action: Action) => Promise<void>;

export const examples = (...lines: readonly string[]): string =>
  `\nExamples:\n${lines.map((line) => `  $ baton ${line}`).join('\n')}\n`;

/** For an option that may be given several times. */
export const collect = (word: string, before: readonly string[]): readonly string[] => [...before, word];

/** A whole number of at least 1, for the named option. */
export const countOf =
  (option: string) =>
  (word: string): number => {
    if (/^[1-9]\d{0,6}$/.test(word)) return Number(word);
    throw new UsageError(
      `${option} ${word} is not a number of at least 1.`,
      `Give a whole number, such as ${option} 50.`,
    );
  };

export const count = countOf('--limit');

/** The name of a workflow, where runs of all its versions are meant. */
export function workflowName(word: string): string {
  const [name = ''] = word.split('@');
  if (name === word) return word;
  throw new UsageError('Runs of all versions of a workflow are meant.', `Leave the version out: --workflow ${name}.`);
}

/** The options of every command that lists what may be long. */
export const withPages = (command: Command, usual: number): Command =>
  command
    .option('--limit <n>', 'how many', count, usual)
    .option('--after <cursor>', 'go on where a list before ended, with the cursor that it gave');

/** The options of every command that submits a run, beside its input. */
export const withRunOptions = (command: Command): Command =>
  command
    .option(
      '--set <key=value>',
      'one value of the input, beside the rest of it; may be given several times',
      collectSetting,
    )
    .addOption(
      new Option(
        '--mode <mode>',
        'who is heard at decision points: programmatic, llm, hybrid, shadow or auto',
      ).argParser(parseMode),
    )
    .addOption(
      new Option('--budget <kind=value,…>', 'such as usd=5,tokens=2000000,wallClock=2h').argParser(parseBudget),
    )
    .addOption(new Option('--priority <n>', '0 (most urgent) to 3').argParser(parsePriority))
    .option('--model <name>', 'the model of all its agents, instead of those that they are set up with')
    .addOption(
      new Option('--template <name=variant>', 'the variant of a template; may be given several times').argParser(
        parsePin,
      ),
    )
    .addOption(
      new Option(
        '--mcp-servers <server[:tool],…>',
        'leave its agents no more of the tools of servers outside than these, or none',
      ).argParser(parseServers),
    )
    .addOption(
      new Option('--by <state=human>', 'a step that a person does by hand; may be given several times').argParser(
        parseBy,
      ),
    )
    .option('--label <k=v>', 'a label; may be given several times', collect, []);

/** A command without arguments, where a word can only be the workflow that is meant. */
export const withoutWords = (command: Command): Command =>
  command.allowExcessArguments().hook('preAction', (_, { args: [word] }) => {
    if (word === undefined) return;
    throw new UsageError(
      `${printable(word)} is one word too many.`,
      `A workflow is named by --workflow ${printable(word)}.`,
    );
  });

export const collectSetting = (word: string, before: readonly Setting[] = []): readonly Setting[] => [
  ...before,
  parseSetting(word),
];

/** The options of every command that follows a run. */
export const withWatchOptions = (command: Command): Command =>
  command
    .option('--exit-on-approval', 'end with exit code 8 as soon as the run waits for an approval')
    .addOption(
      new Option('--timeout <time>', 'end with exit code 7 after this time, such as 90s, 5m or 2h').argParser(
        parseTimeout,
      ),
    );
